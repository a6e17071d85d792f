"""The functions: one module each, with its settings and wiring; the only room that knows all others."""

import gc
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # The objects of a cold start stay; collecting garbage among them takes a tenth of its time.
    # `logs.log_request_ids`, which decorates every function's handler, turns the collector on again.
    gc.disable()
