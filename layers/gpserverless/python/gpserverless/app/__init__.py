"""The functions put together: one module each, the only room that knows all the others."""

import gc
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # What a cold start makes stays; looking for garbage in it takes a tenth of its time. `logs.identified`,
    # the last word of every function's code, turns the collector on again.
    gc.disable()
