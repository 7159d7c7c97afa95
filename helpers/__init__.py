"""Small modules that the lessons share. Each one can be read in a sitting; none imports a lesson.

Importing this package is cheap: TensorFlow is loaded only by the modules that need it.
"""

import os
import sys

# Keras reads its backend once, at import; TensorFlow's start-up chatter would fill every first cell.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

for _stream in (sys.stdout, sys.stderr):
    # Texts here hold signs such as ↓ and ✓: a terminal that has none of them shows a question mark.
    if hasattr(_stream, "reconfigure") and (_stream.encoding or "").lower().replace("-", "") != "utf8":
        _stream.reconfigure(errors="replace")
