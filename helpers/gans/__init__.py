"""Lessons 11 to 16: one folder for each idea, on one engine, GAN.

gan.py         two networks, two optimizers, two phases in each step
losses.py      what both sides want
penalties.py   gradient penalties
samples.py     images drawn from a GAN
compiled.py    functions of batches whose size is not known beforehand
callbacks.py   what is measured while it trains
film.py        the same codings through a training
film_player.py the film as a widget
trials.py      several trainings judged alike, shipped as weights

vanilla/  stability/  dcgan/  wasserstein/  progan/  stylegan/
"""

from helpers.gans.callbacks import FrechetDistance, frechet, watched
from helpers.gans.film import Film
from helpers.gans.film_player import film_view, histogram_view
from helpers.gans.gan import GAN

__all__ = ["Film", "FrechetDistance", "GAN", "film_view", "frechet", "histogram_view", "watched"]
