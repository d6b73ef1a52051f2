from msjax.dataset.vision.enumerations import *
from msjax.dataset.vision.decoding import *
from msjax.dataset.vision.flips import *
from msjax.dataset.vision.normalisation import *
from msjax.dataset.vision.resizing import *
from msjax.dataset.vision.padding import *
from msjax.dataset.vision.crops import *
from msjax.dataset.vision.geometry import *
