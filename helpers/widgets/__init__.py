"""What every widget stands on.

display.py a widget with a picture beside it, for pages without a kernel
panel.py   an image of pixels that changes quickly
sliders.py telling a hand from a page that puts a slider on its steps
gallery.py looking through images, class by class
"""

from helpers.widgets.gallery import image_browser

__all__ = ["image_browser"]
