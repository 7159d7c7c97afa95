"""The check of exercise 12.4, the replay buffer."""

import numpy as np

from helpers.exercises.assertions import NotYet, array, require
from helpers.exercises.registry import exercise

DRAWS = 3000


@exercise(
    "12.4",
    "The replay buffer",
    reference="helpers.gans.stability.replay:ReplayBuffer",
    minutes=20,
    difficulty=2,
    hints=(
        "Keep a list, the oldest image first. Adding puts new ones at its end. What must then go, and from which end?",
        "An array that is handed over may be overwritten later: keep np.array(image), which is a copy. "
        "self.rng.integers(len(self.images), size=count) draws places.",
        "add: self.images += [np.array(image) for image in batch]; del self.images[: -self.capacity]. "
        "draw: np.stack([self.images[place] for place in self.rng.integers(len(self.images), size=count)])",
    ),
)
def check_replay(answer, seed):
    require(
        isinstance(answer, type),
        got=f"{type(answer).__name__}, which is no class",
        expected="the class ReplayBuffer",
        look="hand check the class itself, without brackets",
    )
    rng = np.random.default_rng(seed)
    capacity = int(rng.integers(5, 9))
    _filled_only(answer, capacity)
    _oldest_go(answer, capacity)
    _even(answer, capacity)
    _copies(answer, capacity)
    _own_chance(answer, capacity)


def numbered(numbers):
    """Images (n, 2, 3), each filled with its own number."""
    return np.tile(np.asarray(numbers, dtype=np.float32)[:, None, None], (1, 2, 3))


def drawn(buffer, count):
    """The numbers of `count` drawn images."""
    given = buffer.draw(count)
    require(
        not isinstance(given, list | tuple), got=f"a {type(given).__name__} of images from draw",
        expected=f"one array, {(count, 2, 3)}", look="np.stack(images) makes an array of them",
    )  # fmt: skip
    images = array(given, "what draw returns", "draw returns one array of images: np.stack(…)")
    require(
        images.shape == (count, 2, 3),
        got=f"drawn images of shape {images.shape}",
        expected=f"{(count, 2, 3)}: as many as asked for, in the shape of those that were added",
        look="draw with replacement, size=count: `count` may be larger than what is kept"
        if len(images) < count
        else "np.stack(…)",
    )
    return images[:, 0, 0].astype(int)


def _words(numbers):
    numbers = sorted({int(number) for number in numbers})
    return ", ".join(map(str, numbers[:12]))


def _filled_only(answer, capacity):
    buffer = answer(capacity, seed=1)
    buffer.add(numbered([101, 102, 103]))
    found = set(drawn(buffer, 200))
    try:
        buffer.draw(5)
    except (ValueError, IndexError):
        raise NotYet(
            got="no images left after a draw",
            expected="drawing removes nothing",
            look="draw only looks; it does not take images out",
        ) from None
    if 0 in found:
        raise NotYet(
            got=f"images of zeros, while only 3 of {capacity} places are filled",
            expected="only images that were added",
            look="draw from what was filled, not from the whole capacity",
        )
    if found != {101, 102, 103}:
        raise NotYet(
            got=f"the images {_words(found)} in 200 draws after adding 101, 102, 103",
            expected="each of the three",
            look="every kept image has an equal chance, the first and the last one too; draw a place for each image",
        )


def _oldest_go(answer, capacity):
    buffer = answer(capacity, seed=2)
    first, last = 1, 2 * capacity + 3
    for start in range(first, last + 1, 3):  # batches of three, with a remainder over the capacity
        buffer.add(numbered(range(start, min(start + 3, last + 1))))
    found = set(drawn(buffer, 400))
    newest = set(range(last - capacity + 1, last + 1))
    if found == newest:
        whole = answer(capacity, seed=3)
        whole.add(numbered(range(1, capacity + 5)))  # one batch that is larger than the buffer
        found = set(drawn(whole, 400))
        require(
            found == set(range(5, capacity + 5)),
            got=f"the images {_words(found)} after one batch of {capacity + 4} into a buffer of {capacity}",
            expected=f"the last {capacity} of the batch, {5} to {capacity + 4}",
            look="a batch may be larger than the buffer",
        )
        return
    if found == set(range(first, capacity + 1)):
        look = "the buffer keeps the oldest and turns new images away: the oldest must give way"
    elif len(found) > capacity:
        look = "nothing is forgotten: keep at most `capacity` images"
    elif found < newest:
        look = "more is thrown away than necessary: only what exceeds the capacity goes, image by image"
    elif found & newest and len(found) == capacity:
        look = "the wrong ones were dropped: the oldest must give way"
    else:
        look = "the newest `capacity` images are kept, all others are gone"
    raise NotYet(
        got=f"the images {_words(found)} after adding 1 to {last} to a buffer of {capacity}",
        expected=f"the newest {capacity}: {min(newest)} to {last}",
        look=look,
    )


def _even(answer, capacity):
    buffer = answer(capacity, seed=4)
    buffer.add(numbered(range(1, capacity + 1)))
    counts = np.bincount(drawn(buffer, DRAWS), minlength=capacity + 1)[1:]
    expected = DRAWS / capacity
    require(
        np.abs(counts - expected).max() < 6 * np.sqrt(expected),
        got=f"image 1 drawn {counts[0]} times and image {capacity} {counts[-1]} times in {DRAWS} draws",
        expected=f"each about {expected:.0f} times",
        look="every kept image has an equal chance: rng.integers(number of images, size=count)",
    )
    one, two, three = (drawn(buffer, 50) for _ in range(3))
    require(
        len(set(one)) > 1,
        got="the same image 50 times",
        expected="a fresh place for each image",
        look="size=count: one place for each image, not one for all",
    )
    require(
        not (np.array_equal(one, two) and np.array_equal(two, three)),
        got="the same images in the same order at every draw",
        expected="other ones each time",
        look="use self.rng, which goes on; a generator made anew in draw begins at the start again",
    )


def _copies(answer, capacity):
    buffer = answer(capacity, seed=5)
    batch = numbered(range(1, 4))
    buffer.add(batch)
    batch[:] = 77  # the array is used again for the next batch
    found = set(drawn(buffer, 100))
    require(
        77 not in found,
        got="images that changed after they were added",
        expected="the images as they were",
        look="the buffer keeps a reference to an array that changes later: keep a copy, np.array(image)",
    )
    taken = buffer.draw(100)
    taken[...] = 55
    found = set(drawn(buffer, 100))
    require(
        55 not in found,
        got="kept images that changed when what was drawn was changed",
        expected="the images as they were",
        look="draw must hand out copies: np.stack makes one",
    )
    require(
        {int(number) for number in drawn(buffer, 100)} == {1, 2, 3},
        got="another set of images after drawing",
        expected="drawing removes nothing",
        look="draw only looks; it does not take images out",
    )


def _own_chance(answer, capacity):
    """Draws come from the buffer's own generator, one place after the other, each independent of the others."""

    def full(seed):
        buffer = answer(capacity, seed=seed)
        buffer.add(numbered(range(1, capacity + 1)))
        return buffer

    one, same, other = (drawn(full(seed), 40).tolist() for seed in (6, 6, 7))
    require(
        one == same,
        got="other images from a second buffer with the same seed",
        expected="the same: its seed decides",
        look="draw with self.rng, which is made from the seed, not with np.random or a generator of your own",
    )
    require(
        one != other,
        got="the same draws from buffers with the seeds 6 and 7",
        expected="other ones",
        look="draw with self.rng, which is made from the seed",
    )
    buffer = full(8)
    rows = np.array([drawn(buffer, capacity) for _ in range(60)])
    require(
        any(len(set(row)) < capacity for row in rows.tolist()),
        got=f"{capacity} different images in each of 60 draws of {capacity}",
        expected="some image twice, now and then",
        look="with repetition: each place is drawn by itself, rng.integers(…, size=count)",
    )
    pairs = {(int(a), int(b)) for row in rows for a, b in zip(row, row[1:], strict=False)}
    require(
        len(pairs) > 0.7 * capacity**2,
        got=f"only {len(pairs)} of {capacity**2} pairs of images one after the other, in 60 draws",
        expected="nearly all of them",
        look="each place is drawn by itself, independent of the one before",
    )
    for place in (0, -1):
        counts = np.bincount([drawn(buffer, 3)[place] for _ in range(400)], minlength=capacity + 1)[1:]
        expected = 400 / capacity
        require(
            np.abs(counts - expected).max() < 6 * np.sqrt(expected),
            got=f"image {1 + counts.argmax()} {counts.max()} times of 400 at one end of what was drawn",
            expected=f"each about {expected:.0f} times",
            look="every place of what is drawn has every image with equal chance",
        )
