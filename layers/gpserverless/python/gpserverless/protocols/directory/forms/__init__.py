"""The form of a task: fields for the parts of every value, and the way back from the parts to the value."""
