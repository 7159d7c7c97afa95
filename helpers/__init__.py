"""Small modules that the lessons share. Each one can be read in a sitting; none imports a lesson.

Importing this package is cheap: TensorFlow is loaded only by the modules that need it.
"""

import os

# Keras reads its backend once, at import; TensorFlow's start-up chatter would fill every first cell.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
