"""The functions put together: one module each, the only room that knows all the others."""
