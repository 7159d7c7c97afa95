"""Wrong and alternative answers to the exercises of lesson 13."""

COUNT = "def coverage(size, kernel, stride):\n"
SUM = "def latent_arithmetic(codings, first, second, third):\n    "
PLANES = "def label_planes(labels, classes, height, width):\n    "
START = "    start = keras.initializers.RandomNormal(stddev=0.02)\n"


def strokes(step="i * stride", add="+= 1", cut="(kernel - stride) // 2", end="cut + size * stride", whole="(size - 1) * stride + kernel"):
    """An answer to 13.1 with one thing changed."""
    return (
        COUNT + f"    counts = np.zeros({whole}, dtype=int)\n    for i in range(size):\n"
        f"        counts[{step} : {step} + kernel] {add}\n    cut = {cut}\n    return counts[cut : {end}]\n"
    )


def both(there="(2 * images - 1).astype('float32')", back="np.clip((images + 1) / 2, 0, 1).astype('float32')"):
    """An answer to 13.2 with one thing changed."""
    return f"class PixelRange:\n    def forward(self, images):\n        return {there}\n\n    def back(self, images):\n        return {back}\n"


def generator(
    dense="layers.Dense(49 * 2 * maps, kernel_initializer=start), layers.Reshape((7, 7, 2 * maps)),",
    first="layers.BatchNormalization(), layers.ReLU(),",
    middle="layers.Conv2DTranspose(maps, 4, 2, padding='same', kernel_initializer=start),",
    second="layers.BatchNormalization(), layers.ReLU(),",
    last="layers.Conv2DTranspose(1, 4, 2, padding='same', activation='tanh', kernel_initializer=start),",
    start=START,
):
    """An answer to 13.3 with one thing changed."""
    return (
        f"def build_generator(codings, maps):\n{start}    return keras.Sequential([keras.Input((codings,)), "
        f"{dense} {first} {middle} {second} {last}])\n"
    )


def detective(
    first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2),",
    second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(0.2),",
    last="layers.Flatten(), layers.Dense(1, kernel_initializer=start),",
    start=START,
):
    """An answer to 13.4 with one thing changed."""
    return (
        f"def build_discriminator(maps):\n{start}    return keras.Sequential([keras.Input((28, 28, 1)), {first} {second} {last}])\n"
    )


def arc(t="np.linspace(0, 1, steps)[:, None]", direction="(np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)",
        length="(1 - t) * la + t * lb", parallel="    if theta < 1e-6:\n        return (1 - t) * a + t * b\n",
        angle="np.arccos(np.clip(u @ v, -1, 1))"):  # fmt: skip
    """An answer to 13.5 with one thing changed."""
    return (
        f"def arc(a, b, steps):\n    t = {t}\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    u, v = a / la, b / lb\n"
        f"    theta = {angle}\n{parallel}    direction = {direction}\n    return ({length}) * direction\n"
    )


def phase(
    codings="self.draw_codings(ops.shape(real)[0])", fake="self.generate(codings, labels, training=True)",
    old="fake, fake_labels = self.remember(fake, labels)", judged="self.judge(real, labels), self.judge(fake, fake_labels)",
    loss="self.discriminator_loss(real_logits, fake_logits)",
    improve="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)",
    note="self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)",
):  # fmt: skip
    """An answer to 13.8 with one thing changed."""
    return (
        "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n"
        f"        codings = {codings}\n        fake = {fake}\n        {old}\n        with tf.GradientTape() as tape:\n"
        f"            real_logits, fake_logits = {judged}\n            loss = {loss}\n        {improve}\n        {note}\n"
    )


WRONG = [
    ("13.1", "not cut", strokes(cut="0", end="len(counts)"), "padding 'valid'"),
    ("13.1", "cut at the right", strokes(cut="0"), "at the right; half of it belongs to the left"),
    ("13.1", "cut at the left", strokes(cut="kernel - stride"), "at the left; half of it belongs to the right"),
    ("13.1", "rounded up", strokes(cut="(kernel - stride + 1) // 2"), "rounded down"),
    ("13.1", "half a kernel cut", strokes(cut="kernel // 2"), "too much is cut|rounded down|shape"),
    ("13.1", "stride forgotten", strokes(step="i"), "stride is missing"),
    ("13.1", "whether, not how often", strokes(add="= 1"), "add 1 for each stroke"),
    ("13.1", "ones", COUNT + "    return np.ones(size * stride, dtype=int)", "again where strokes overlap"),
    ("13.1", "one output size", COUNT + "    return size * stride", "shape"),
    ("13.2", "not stretched", both("(images - 1).astype('float32')"), "not stretched"),
    ("13.2", "shifted by a half", both("(images - 0.5).astype('float32')"), "½ only"),
    ("13.2", "not shifted", both("(2 * images).astype('float32')"), "not shifted"),
    ("13.2", "bytes", both("(images / 127.5 - 1).astype('float32')"), "127.5"),
    ("13.2", "untouched", both("images"), "nothing happened"),
    ("13.2", "in place", "class PixelRange:\n    def forward(self, images):\n        images *= 2\n        images -= 1\n        return images\n\n"
     "    def back(self, images):\n        return images\n", "changes its argument"),
    ("13.2", "float64", both("2 * images.astype('float64') - 1"), "float32"),
    ("13.2", "negative", both("(1 - 2 * images).astype('float32')"), "black and white"),
    ("13.2", "back: halved first", both(back="(images / 2 + 1).astype('float32')"), "add 1 first"),
    ("13.2", "back: only clipped", both(back="np.clip(images, 0, 1).astype('float32')"), "black now"),
    ("13.2", "back: not clipped", both(back="((images + 1) / 2).astype('float32')"), "is clipped"),
    ("13.2", "back: not shifted", both(back="(images / 2).astype('float32')"), "not shifted"),
    ("13.3", "normalised output", generator(last="layers.Conv2DTranspose(1, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.Activation('tanh'),"),
     "batch normalization at the generator's output"),
    ("13.3", "sigmoid", generator(last="layers.Conv2DTranspose(1, 4, 2, padding='same', activation='sigmoid', kernel_initializer=start),"), "Take tanh"),
    ("13.3", "linear output", generator(last="layers.Conv2DTranspose(1, 4, 2, padding='same', kernel_initializer=start),"), "output needs tanh"),
    ("13.3", "kernel 5", generator(middle="layers.Conv2DTranspose(maps, 5, 2, padding='same', kernel_initializer=start),"), "checkerboard"),
    ("13.3", "no normalization", generator(first="layers.ReLU(),", second="layers.ReLU(),"), "batch normalization after every hidden layer"),
    ("13.3", "one normalization", generator(second="layers.ReLU(),"), "batch normalization after every hidden layer"),
    ("13.3", "leaky", generator(second="layers.BatchNormalization(), layers.LeakyReLU(0.2),"), "leaky ReLU belongs to the discriminator"),
    ("13.3", "tanh inside", generator(second="layers.BatchNormalization(), layers.Activation('tanh'),"), "tanh or a sigmoid inside"),
    ("13.3", "normalised after ReLU", generator(second="layers.ReLU(), layers.BatchNormalization(),"), "first the normalization"),
    ("13.3", "Keras' weights", generator(start="    start = 'glorot_uniform'\n"), "RandomNormal"),
    ("13.3", "spread .2", generator(start="    start = keras.initializers.RandomNormal(stddev=0.2)\n"), "RandomNormal"),
    ("13.3", "upsampling", generator(middle="layers.UpSampling2D(2), layers.Conv2D(maps, 4, padding='same', kernel_initializer=start),"), "UpSampling2D"),
    ("13.3", "dense hidden layer", generator(dense="layers.Dense(100, activation='relu', kernel_initializer=start), layers.Dense(49 * 2 * maps, kernel_initializer=start), layers.Reshape((7, 7, 2 * maps)),"),
     "no dense hidden layers"),
    ("13.3", "padding valid", generator(middle="layers.Conv2DTranspose(maps, 4, 2, kernel_initializer=start),"), "shape"),
    ("13.3", "too few maps", generator(dense="layers.Dense(49 * maps, kernel_initializer=start), layers.Reshape((7, 7, maps)),"), "2·maps"),
    ("13.4", "normalised input layer", detective(first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(0.2),"),
     "input layer"),
    ("13.4", "normalised images", detective(first="layers.BatchNormalization(), layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2),"), "input layer"),
    ("13.4", "no normalization", detective(second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2),"), "after every hidden layer"),
    ("13.4", "ReLU", detective(second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.ReLU(),"), "plain ReLU"),
    ("13.4", "Keras' slope", detective(second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(),"), "slope is about 0.3"),
    ("13.4", "no activation", detective(first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start),"), "leaky ReLU"),
    ("13.4", "probabilities", detective(last="layers.Flatten(), layers.Dense(1, activation='sigmoid', kernel_initializer=start),"), "no activation at the output"),
    ("13.4", "pooling", detective(first="layers.Conv2D(maps, 4, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2), layers.MaxPooling2D(2),"), "Pooling"),
    ("13.4", "dense hidden layer", detective(last="layers.Flatten(), layers.Dense(64, kernel_initializer=start), layers.LeakyReLU(0.2), layers.Dense(1, kernel_initializer=start),"), "no dense hidden"),
    ("13.4", "kernel 3", detective(first="layers.Conv2D(maps, 3, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2),"), "divisible"),
    ("13.4", "not flattened", detective(last="layers.Dense(1, kernel_initializer=start),"), "shape"),
    ("13.4", "Keras' weights", detective(start="    start = None\n"), "RandomNormal"),
    ("13.4", "nothing returned", "def build_discriminator(maps):\n    keras.Sequential([keras.Input((28, 28, 1))])\n", "no Keras model"),
    ("13.5", "straight line", arc(direction="((1 - t) * a + t * b) / ((1 - t) * la + t * lb)"), "straight line"),
    ("13.5", "all of length 1", arc(length="1"), "multiply by the length"),
    ("13.5", "raw codings", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps)[:, None]\n    theta = np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))\n"
     "    return (np.sin((1 - t) * theta) * a + np.sin(t * theta) * b) / np.sin(theta)\n", "length must change evenly"),
    ("13.5", "straightened directions", arc(direction="((1 - t) * u + t * v) / np.linalg.norm((1 - t) * u + t * v, axis=1, keepdims=True)"), "do not turn evenly"),
    ("13.5", "backwards", arc(t="np.linspace(1, 0, steps)[:, None]"), "second coding to the first"),
    ("13.5", "length of the first", arc(length="la"), "length of the first"),
    ("13.5", "no sin θ", arc(direction="np.sin((1 - t) * theta) * u + np.sin(t * theta) * v"), "denominator is missing"),
    ("13.5", "cosines", arc(direction="(np.cos((1 - t) * theta) * u + np.cos(t * theta) * v) / np.sin(theta)"), "cosines"),
    ("13.5", "parallel codings", arc(parallel=""), "treat it apart"),
    ("13.5", "end missing", arc(t="np.arange(steps)[:, None] / steps"), "at \\["),
    ("13.6", "sums", SUM + "return codings[first].sum(0) - codings[second].sum(0) + codings[third].sum(0)", "take means"),
    ("13.6", "A + B − C", SUM + "return codings[first].mean(0) + codings[second].mean(0) - codings[third].mean(0)", "second group is subtracted"),
    ("13.6", "all added", SUM + "return codings[first].mean(0) + codings[second].mean(0) + codings[third].mean(0)", "all three groups are added"),
    ("13.6", "all subtracted", SUM + "return codings[first].mean(0) - codings[second].mean(0) - codings[third].mean(0)", "third group is subtracted"),
    ("13.6", "only the first of each", SUM + "return codings[first[0]] - codings[second[0]] + codings[third[0]]", "only the first coding"),
    ("13.6", "third missing", SUM + "return codings[first].mean(0) - codings[second].mean(0)", "third group is missing"),
    ("13.6", "length 1", SUM + "z = codings[first].mean(0) - codings[second].mean(0) + codings[third].mean(0)\n    return z / np.linalg.norm(z)", "as long as 1"),
    ("13.6", "one number", SUM + "return codings[first].mean() - codings[second].mean() + codings[third].mean()", "this is one number"),
    ("13.6", "wrong axis", SUM + "return codings[first].mean(1) - codings[second].mean(1) + codings[third].mean(1)", "shape"),
    ("13.7", "repeat and reshape", PLANES + "flags = ops.one_hot(labels, classes)\n    return ops.reshape(ops.repeat(flags, height * width, axis=1), (-1, height, width, classes))", "repeat and reshape mix the classes"),
    ("13.7", "tile and reshape", PLANES + "flags = ops.one_hot(labels, classes)\n    return ops.reshape(ops.tile(flags, (height * width, 1)), (-1, height, width, classes))", "repeat and reshape mix the images"),
    ("13.7", "classes in front", PLANES + "flags = ops.one_hot(labels, classes)[:, :, None, None]\n    return ops.broadcast_to(flags, (ops.shape(labels)[0], classes, height, width))", "last axis"),
    ("13.7", "one plane of numbers", PLANES + "plane = ops.cast(labels, 'float32')[:, None, None, None]\n    return ops.broadcast_to(plane, (ops.shape(labels)[0], height, width, 1))", "a plane of its own"),
    ("13.7", "height and width", PLANES + "flags = ops.one_hot(labels, classes)[:, None, None, :]\n    return ops.broadcast_to(flags, (ops.shape(labels)[0], width, height, classes))", "exchanged"),
    ("13.7", "flags only", PLANES + "return ops.one_hot(labels, classes)", "fill planes"),
    ("13.7", "not broadcast", PLANES + "return ops.one_hot(labels, classes)[:, None, None, :]", "now broadcast"),
    ("13.7", "NumPy", PLANES + "flags = np.eye(classes)[np.asarray(labels)][:, None, None, :]\n    return np.broadcast_to(flags, (len(labels), height, width, classes))", "not known beforehand"),
    ("13.8", "inference mode", phase(fake="self.generate(codings, labels)"), "inference mode"),
    ("13.8", "swapped", phase(loss="self.discriminator_loss(fake_logits, real_logits)"), "real and fake are swapped"),
    ("13.8", "labels of the real ones for old fakes", phase(judged="self.judge(real, labels), self.judge(fake, labels)"), "other labels than they were made for"),
    ("13.8", "generator improved", phase(improve="self.improve(self.generator, self.generator_optimizer, tape, loss)"), "another network"),
    ("13.8", "no step", phase(improve="pass"), "did not move"),
    ("13.8", "generator's loss", phase(loss="self.game.generator(fake_logits)"), "generator's loss"),
    ("13.8", "uphill", phase(loss="-self.discriminator_loss(real_logits, fake_logits)"), "uphill"),
    ("13.8", "no memory", phase(old="fake_labels = labels"), "replay buffer"),
    ("13.8", "twice", phase(improve="self.improve(self.discriminator, self.discriminator_optimizer, tape, loss); self.discriminator_optimizer.apply(tape.gradient(loss, self.discriminator.trainable_variables), self.discriminator.trainable_variables)"), "."),
    ("13.8", "swapped notes", phase(note="self.note(d_loss=loss, real_accuracy=fake_logits < 0, fake_accuracy=real_logits > 0)"), "these are the fakes"),
    ("13.8", "nothing noted", phase(note="pass"), "noted"),
    ("13.8", "labels left out", phase(judged="self.judge(real), self.judge(fake)"), "stopped with|labels"),
    ("13.8", "outside the tape", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        fake = self.generate(self.draw_codings(ops.shape(real)[0]), labels, training=True)\n"
     "        fake, fake_labels = self.remember(fake, labels)\n        real_logits, fake_logits = self.judge(real, labels), self.judge(fake, fake_labels)\n"
     "        with tf.GradientTape() as tape:\n            loss = self.discriminator_loss(real_logits, fake_logits)\n"
     "        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n", "inside the tape"),
    ("13.1", "cut with a negative index", "def coverage(size, kernel, stride):\n    counts = np.zeros((size - 1) * stride + kernel, dtype=int)\n    for i in range(size):\n"
     "        counts[i * stride : i * stride + kernel] += 1\n    cut = (kernel - stride) // 2\n    return counts[cut:-cut]", "empty where nothing"),
    ("13.1", "negative places", "def coverage(size, kernel, stride):\n    cut = (kernel - stride) // 2\n    counts = np.zeros(size * stride, dtype=int)\n    for i in range(size):\n"
     "        for j in range(kernel):\n            p = i * stride + j - cut\n            if p < size * stride:\n                counts[p] += 1\n    return counts", "come in again at the end"),
    ("13.1", "a square", "def coverage(size, kernel, stride):\n    counts = np.zeros((size - 1) * stride + kernel, dtype=int)\n    for i in range(size):\n"
     "        counts[i * stride : i * stride + kernel] += 1\n    cut = (kernel - stride) // 2\n    c = counts[cut : cut + size * stride]\n    return np.outer(c, c)", "coverage of a square"),
    ("13.2", "clipped, not halved", "class PixelRange:\n    def forward(self, images):\n        return (2 * images - 1).astype(\"float32\")\n\n    def back(self, images):\n"
     "        return np.clip(images + 1, 0, 1).astype('float32')", "but not halved"),
    ("13.2", "half precision", "class PixelRange:\n    def forward(self, images):\n        return (2 * images - 1).astype('float16')\n\n    def back(self, images):\n"
     "        return np.clip((images + 1) / 2, 0, 1).astype(\"float32\")", "too coarse for pixels"),
    ("13.3", "activation in front of the normalization", "def build_generator(codings, maps):\n    init = keras.initializers.RandomNormal(mean=0.0, stddev=0.02)\n    model = keras.Sequential()\n"
     "    model.add(keras.Input(shape=(codings,)))\n    model.add(layers.Dense(7 * 7 * 2 * maps, activation='relu', kernel_initializer=init))\n"
     "    model.add(layers.Reshape((7, 7, 2 * maps)))\n    model.add(layers.BatchNormalization())\n    model.add(layers.ReLU())\n"
     "    model.add(layers.Conv2DTranspose(maps, 4, strides=2, padding=\"same\", kernel_initializer=init))\n    model.add(layers.BatchNormalization())\n"
     "    model.add(layers.ReLU())\n    model.add(layers.Conv2DTranspose(1, 4, strides=2, padding=\"same\", activation=\"tanh\", kernel_initializer=init))\n    return model", "between the weights"),
    ("13.3", "frozen normalization", "def build_generator(codings, maps):\n    init = keras.initializers.RandomNormal(mean=0.0, stddev=0.02)\n    model = keras.Sequential()\n"
     "    model.add(keras.Input(shape=(codings,)))\n    model.add(layers.Dense(7 * 7 * 2 * maps, kernel_initializer=init))\n    model.add(layers.Reshape((7, 7, 2 * maps)))\n"
     "    model.add(layers.BatchNormalization(trainable=False))\n    model.add(layers.ReLU())\n"
     "    model.add(layers.Conv2DTranspose(maps, 4, strides=2, padding=\"same\", kernel_initializer=init))\n    model.add(layers.BatchNormalization(trainable=False))\n"
     "    model.add(layers.ReLU())\n    model.add(layers.Conv2DTranspose(1, 4, strides=2, padding=\"same\", activation=\"tanh\", kernel_initializer=init))\n    return model", "frozen"),
    ("13.3", "an activation forgotten", "def build_generator(codings, maps):\n    init = keras.initializers.RandomNormal(mean=0.0, stddev=0.02)\n    model = keras.Sequential()\n"
     "    model.add(keras.Input(shape=(codings,)))\n    model.add(layers.Dense(7 * 7 * 2 * maps, kernel_initializer=init))\n    model.add(layers.Reshape((7, 7, 2 * maps)))\n"
     "    model.add(layers.BatchNormalization())\n    model.add(layers.Conv2DTranspose(maps, 4, strides=2, padding=\"same\", kernel_initializer=init))\n"
     "    model.add(layers.BatchNormalization())\n    model.add(layers.ReLU())\n"
     "    model.add(layers.Conv2DTranspose(1, 4, strides=2, padding=\"same\", activation=\"tanh\", kernel_initializer=init))\n    return model", "no activation follows"),
    ("13.5", "degrees", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps).reshape(-1, 1)\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    u, v = a / la, b / lb\n"
     "    theta = np.degrees(np.arccos(np.clip(np.dot(u, v), -1.0, 1.0)))\n    if theta < 1e-6:\n        return (1 - t) * a + t * b\n"
     "    d = (np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)\n    return ((1 - t) * la + t * lb) * d", "in degrees"),
    ("13.5", "lengths by equal factors", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps).reshape(-1, 1)\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    u, v = a / la, b / lb\n"
     "    theta = np.arccos(np.clip(np.dot(u, v), -1.0, 1.0))\n    if theta < 1e-6:\n        return (1 - t) * a + t * b\n"
     "    d = (np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)\n    return la ** (1 - t) * lb ** t * d", "equal factors"),
    ("13.5", "lengths of the line", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps).reshape(-1, 1)\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    u, v = a / la, b / lb\n"
     "    theta = np.arccos(np.clip(np.dot(u, v), -1.0, 1.0))\n    if theta < 1e-6:\n        return (1 - t) * a + t * b\n"
     "    d = (np.sin((1 - t) * theta) * u + np.sin(t * theta) * v) / np.sin(theta)\n    return np.linalg.norm((1 - t) * a + t * b, axis=1, keepdims=True) * d", "those of the straight line"),
    ("13.6", "pairs up to the shortest", "def latent_arithmetic(codings, first, second, third):\n    return np.mean([codings[i] - codings[j] + codings[k] for i, j, k in zip(first, second, third)], axis=0)", "paired image by image"),
    ("13.6", "centred first", "def latent_arithmetic(codings, first, second, third):\n    codings = codings - codings.mean(axis=0)\n    m = lambda r: codings[r].mean(axis=0)\n"
     "    return m(first) - m(second) + m(third)", "taken off first"),
    ("13.7", "one plane with a share", "def label_planes(labels, classes, height, width):\n    plane = ops.cast(labels, 'float32')[:, None, None, None] / classes\n"
     "    return ops.broadcast_to(plane, (ops.shape(labels)[0], height, width, 1))", "a share of the classes"),
    ("13.7", "−1 and 1", "def label_planes(labels, classes, height, width):\n    flags = 2 * ops.one_hot(labels, classes)[:, None, None, :] - 1\n"
     "    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, classes))", "hold −1 and 1"),
    ("13.8", "what remember gives back unused", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        self.remember(fake, labels)\n        with tf.GradientTape() as tape:\n"
     "            real_logits = self.judge(real, labels)\n            fake_logits = self.judge(fake, labels)\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "fresh fakes are judged"),
    ("13.8", "border at ½", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        with tf.GradientTape() as tape:\n            real_logits = self.judge(real, labels)\n            fake_logits = self.judge(fake, fake_labels)\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0.5, fake_accuracy=fake_logits < 0)", "logits are no probabilities"),
    ("13.8", "32 codings", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = 32\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        with tf.GradientTape() as tape:\n            real_logits = self.judge(real, labels)\n            fake_logits = self.judge(fake, fake_labels)\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "32 codings drawn"),
    ("13.8", "labels shuffled", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        with tf.GradientTape() as tape:\n            real_logits = self.judge(real, tf.random.shuffle(labels))\n"
     "            fake_logits = self.judge(fake, fake_labels)\n            loss = self.discriminator_loss(real_logits, fake_logits)\n"
     "        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "labels that are not theirs"),
    ("13.8", "other labels for the fakes", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), keras.random.randint((count,), 0, 10), training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        with tf.GradientTape() as tape:\n            real_logits = self.judge(real, labels)\n            fake_logits = self.judge(fake, fake_labels)\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "fakes of other labels"),
    ("13.8", "the other network", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        with tf.GradientTape() as tape:\n            real_logits = self.judge(real, labels)\n            fake_logits = self.judge(fake, fake_labels)\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.generator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "another network"),
    ("13.8", "judged outside the tape", "class ConditionalGAN(GAN):\n    def discriminator_phase(self, real, labels):\n        count = ops.shape(real)[0]\n"
     "        fake = self.generate(self.draw_codings(count), labels, training=True)\n        fake, fake_labels = self.remember(fake, labels)\n"
     "        real_logits = self.judge(real, labels)\n        fake_logits = self.judge(fake, fake_labels)\n        with tf.GradientTape() as tape:\n"
     "            loss = self.discriminator_loss(real_logits, fake_logits)\n        self.improve(self.discriminator, self.discriminator_optimizer, tape, loss)\n"
     "        self.note(d_loss=loss, real_accuracy=real_logits > 0, fake_accuracy=fake_logits < 0)", "inside the tape"),
]  # fmt: skip

ALTERNATIVES = [
    ("13.1", "pixel by pixel", COUNT + "    cut = (kernel - stride) // 2\n    return np.array([sum(0 <= p + cut - i * stride < kernel for i in range(size)) for p in range(size * stride)])"),
    ("13.1", "by Keras itself", COUNT + "    layer = layers.Conv2DTranspose(1, (kernel, 1), strides=(stride, 1), padding='same', kernel_initializer='ones')\n"
     "    return np.asarray(layer(np.ones((1, size, 1, 1), 'float32'))).ravel().round().astype(int)"),
    ("13.2", "other spelling", both("np.float32(images) * np.float32(2) - np.float32(1)", "np.minimum(np.maximum(images / 2 + 0.5, 0), 1).astype(np.float32)")),
    ("13.3", "functional, activations as arguments", "def build_generator(codings, maps):\n    def start():\n        return keras.initializers.RandomNormal(0.0, 0.02)\n"
     "    z = keras.Input((codings,))\n    h = layers.Dense(98 * maps, use_bias=False, kernel_initializer=start())(z)\n    h = layers.Activation('relu')(layers.BatchNormalization()(h))\n"
     "    h = layers.Reshape((7, 7, 2 * maps))(h)\n    h = layers.Conv2DTranspose(maps, 6, strides=(2, 2), padding='same', use_bias=False, kernel_initializer=start())(h)\n"
     "    h = ops.relu(layers.BatchNormalization()(h))\n    h = layers.Conv2DTranspose(1, 2, strides=2, padding='same', kernel_initializer=start())(h)\n"
     "    return keras.Model(z, layers.Activation('tanh')(h))"),
    ("13.4", "functional", "def build_discriminator(maps):\n    start = keras.initializers.RandomNormal(stddev=0.02)\n    x = keras.Input((28, 28, 1))\n"
     "    h = layers.Conv2D(maps, 6, 2, padding='same', activation=keras.layers.LeakyReLU(0.2), kernel_initializer=start)(x)\n"
     "    h = layers.Conv2D(2 * maps, 4, (2, 2), padding='same', use_bias=False, kernel_initializer=start)(h)\n"
     "    h = ops.leaky_relu(layers.BatchNormalization()(h), 0.2)\n    return keras.Model(x, layers.Dense(1, kernel_initializer=start)(layers.Flatten()(h)))"),
    ("13.5", "turned in the plane", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps)[:, None]\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    u = a / la\n    w = b - (b @ u) * u\n"
     "    height = np.linalg.norm(w)\n    if height < 1e-9 * lb:\n        return (1 - t) * a + t * b\n    angle = np.arctan2(height, b @ u)\n"
     "    return ((1 - t) * la + t * lb) * (np.cos(t * angle) * u + np.sin(t * angle) * w / height)"),
    ("13.6", "np.mean over lists", SUM + "A, B, C = (np.mean([codings[i] for i in group], axis=0) for group in (first, second, third))\n    return C + A - B"),
    ("13.7", "ones times flags", PLANES + "return ops.one_hot(labels, classes)[:, None, None, :] * ops.ones((1, height, width, 1))"),
    ("13.7", "by comparison", PLANES + "plane = ops.ones((1, height, width, 1), dtype='int32') * ops.cast(labels, 'int32')[:, None, None, None]\n    return ops.cast(plane == ops.arange(classes, dtype='int32'), 'float32')"),
    ("13.7", "repeat along the right axes", PLANES + "flags = ops.one_hot(labels, classes)[:, None, None, :]\n    return ops.repeat(ops.repeat(flags, height, axis=1), width, axis=2)"),
    ("13.8", "one by one", phase(judged="self.judge(real, labels=labels), self.judge(fake, labels=fake_labels)")),
    ("13.8", "by hand", phase(improve="variables = self.discriminator.trainable_variables; self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)",
     note="self.note(d_loss=loss); self.note(real_accuracy=ops.cast(real_logits > 0, 'float32'), fake_accuracy=ops.cast(fake_logits < 0, 'float32'))")),
]  # fmt: skip

GEN3 = "layers.Conv2DTranspose(1, 4, 2, padding='same', activation='tanh', kernel_initializer=start),"
WRONG += [
    ("13.1", "convolution's cut", strokes(cut="(kernel - 1) // 2"), "as for stride 1|too much|half a kernel"),
    ("13.1", "last input missing", strokes().replace("range(size)", "range(size - 1)"), "last input"),
    ("13.1", "one pixel too long", strokes(whole="(size - 1) * stride + kernel + 1").replace("i * stride + kernel] +", "i * stride + kernel + 1] +"), "one pixel too long"),
    ("13.2", "own range", both("(2 * (images - images.min()) / (images.max() - images.min()) - 1).astype('float32')"), "smallest and the largest"),
    ("13.2", "back: own range", both(back="((images - images.min()) / (images.max() - images.min())).astype('float32')"), "smallest and the largest|clipped"),
    ("13.2", "back: in place", "class PixelRange:\n    def forward(self, images):\n        return (2 * images - 1).astype('float32')\n\n"
     "    def back(self, images):\n        images += 1\n        images /= 2\n        return np.clip(images, 0, 1).astype('float32')\n", "changes its argument"),
    ("13.2", "float64 kept", both("2 * images - 1"), "float64 images"),
    ("13.3", "softsign", generator(last=GEN3.replace("'tanh'", "'softsign'")), "tanh"),
    ("13.3", "another convolution", generator(second="layers.BatchNormalization(), layers.ReLU(), layers.Conv2D(maps, 3, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.ReLU(),"),
     "4 layers with weights"),
    ("13.3", "dropout", generator(second="layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.3),"), "Dropout|ReLU"),
    ("13.3", "ELU", generator(first="layers.BatchNormalization(), layers.ELU(),"), "ReLU"),
    ("13.4", "normalised logit", detective(last="layers.Flatten(), layers.Dense(1, kernel_initializer=start), layers.BatchNormalization(),"), "behind the logit"),
    ("13.4", "slope .1", detective(second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(0.1),"), "slope"),
    ("13.4", "slope .18", detective(first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.18),"), "slope 0.18"),
    ("13.4", "dropout", detective(first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.LeakyReLU(0.2), layers.Dropout(0.3),"), "Dropout|slope"),
    ("13.4", "a third convolution", detective(second="layers.Conv2D(2 * maps, 4, 2, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(0.2), "
     "layers.Conv2D(2 * maps, 3, padding='same', kernel_initializer=start), layers.BatchNormalization(), layers.LeakyReLU(0.2),"), "4 layers with weights"),
    ("13.5", "directions exchanged", arc(direction="(np.sin(t * theta) * u + np.sin((1 - t) * theta) * v) / np.sin(theta)"), "directions are exchanged"),
    ("13.5", "lengths exchanged", arc(length="t * la + (1 - t) * lb"), "lengths are exchanged"),
    ("13.5", "straight between directions", arc(direction="(1 - t) * u + t * v", length="1"), "between the directions of length 1"),
    ("13.5", "in place", "def arc(a, b, steps):\n    a /= np.linalg.norm(a)\n    b /= np.linalg.norm(b)\n    return np.linspace(a, b, steps)\n", "changes its argument"),
    ("13.6", "last of each", SUM + "return codings[first[-1]] - codings[second[-1]] + codings[third[-1]]", "only the last coding"),
    ("13.6", "by three", SUM + "return (codings[first].sum(0) - codings[second].sum(0) + codings[third].sum(0)) / 3", "divided by 3"),
    ("13.6", "medians", SUM + "return np.median(codings[first], 0) - np.median(codings[second], 0) + np.median(codings[third], 0)", "median"),
    ("13.7", "counted from 1", PLANES + "flags = ops.one_hot(labels - 1, classes)[:, None, None, :]\n    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, classes))", "counted from 0|the planes"),
    ("13.7", "whole numbers", PLANES + "flags = ops.one_hot(labels, classes, dtype='int32')[:, None, None, :]\n    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, classes))", "int32"),
    ("13.7", "one pixel", PLANES + "flags = ops.one_hot(labels, classes)[:, None, None, :]\n    return ops.pad(flags, ((0, 0), (0, height - 1), (0, width - 1), (0, 0)))", "one pixel only"),
    ("13.8", "detective in inference mode", phase(judged="self.discriminator([real, labels]), self.discriminator([fake, fake_labels])"), "asked in inference mode"),
    ("13.8", "game without smoothing", phase(loss="self.game.discriminator(real_logits, fake_logits)"), "knows the smoothing"),
    ("13.8", "own loss", phase(loss="ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))"), "knows the smoothing"),
    ("13.8", "remembered twice", phase(old="fake, fake_labels = self.remember(fake, labels)\n        fake, fake_labels = self.remember(fake, fake_labels)"), "2 calls of remember"),
    ("13.1", "in reverse", "def coverage(size, kernel, stride):\n    counts = np.zeros((size - 1) * stride + kernel, dtype=int)\n    for i in range(size):\n"
     "        counts[i * stride : i * stride + kernel] += 1\n    cut = (kernel - stride) // 2\n    return counts[cut : cut + size * stride][::-1]\n", "reverse order"),
    ("13.2", "bytes by 127.5", "class PixelRange:\n    def forward(self, images):\n        return (images / 127.5 - 1).astype('float32')\n\n"
     "    def back(self, images):\n        return np.clip((images + 1) / 2, 0, 1).astype('float32')\n", "as for bytes"),
    ("13.7", "always ten", PLANES + "flags = ops.one_hot(labels, 10)[:, None, None, :]\n    return ops.broadcast_to(flags, (ops.shape(labels)[0], height, width, 10))", "10 planes"),
]  # fmt: skip

ALTERNATIVES += [
    ("13.1", "convolution of strokes", COUNT + "    starts = np.zeros((size - 1) * stride + 1, int)\n    starts[::stride] = 1\n    whole = np.convolve(starts, np.ones(kernel, int))\n"
     "    return whole[(kernel - stride) // 2 :][: size * stride]"),
    ("13.1", "pairs", COUNT + "    p = np.arange(size * stride)[:, None] + (kernel - stride) // 2 - stride * np.arange(size)\n    return ((p >= 0) & (p < kernel)).sum(axis=1)"),
    ("13.1", "a list", COUNT + "    c = (kernel - stride) // 2\n    return [sum(i * stride <= p < i * stride + kernel for i in range(size)) for p in range(c, c + size * stride)]"),
    ("13.1", "add.at", COUNT + "    w = np.zeros((size - 1) * stride + kernel, int)\n    np.add.at(w, (np.arange(size)[:, None] * stride + np.arange(kernel)).ravel(), 1)\n    c = (kernel - stride) // 2\n    return w[c : c + size * stride]"),
    ("13.2", "divided by a half", both("((images - 0.5) / 0.5).astype(np.float32)", "np.clip(images * 0.5 + 0.5, 0, 1).astype(np.float32)")),
    ("13.2", "float32 first", both("images.astype('float32') * 2.0 - 1.0", "np.minimum(np.maximum((images.astype('float32') + 1) / 2, 0), 1)")),
    ("13.2", "keras.ops", both("ops.convert_to_numpy(ops.cast(images, 'float32') * 2 - 1)", "ops.convert_to_numpy(ops.clip((ops.cast(images, 'float32') + 1) / 2, 0, 1))")),
    ("13.2", "interp", both("np.interp(images, [0, 1], [-1, 1]).astype('float32')", "np.interp(images, [-1, 1], [0, 1]).astype('float32')")),
    ("13.2", "static methods", "class PixelRange:\n    @staticmethod\n    def forward(images):\n        return np.float32(2) * np.asarray(images, 'float32') - np.float32(1)\n\n    @staticmethod\n    def back(images):\n"
     "        return ((np.clip(images, -1, 1) + 1) / 2).astype('float32')\n"),
    ("13.3", "no biases", generator(dense="layers.Dense(98 * maps, use_bias=False, kernel_initializer=start), layers.Reshape((7, 7, 2 * maps)),",
     middle="layers.Conv2DTranspose(maps, 4, 2, padding='same', use_bias=False, kernel_initializer=start),")),
    ("13.3", "activation by name", generator(first="layers.BatchNormalization(), layers.Activation('relu'),", last="layers.Conv2DTranspose(1, 4, (2, 2), 'same', kernel_initializer=start), layers.Activation('tanh'),")),
    ("13.3", "added one by one", "def build_generator(codings, maps):\n    k = {'kernel_initializer': keras.initializers.RandomNormal(0.0, 0.02)}\n    m = keras.Sequential()\n    m.add(keras.Input(shape=(codings,)))\n"
     "    m.add(layers.Dense(7 * 7 * 2 * maps, **k))\n    m.add(layers.Reshape((7, 7, 2 * maps)))\n    m.add(layers.BatchNormalization())\n    m.add(layers.ReLU())\n"
     "    m.add(layers.Conv2DTranspose(maps, kernel_size=6, strides=2, padding='same', **k))\n    m.add(layers.BatchNormalization())\n    m.add(layers.ReLU())\n"
     "    m.add(layers.Conv2DTranspose(1, kernel_size=4, strides=2, padding='same', activation=keras.activations.tanh, **k))\n    return m"),
    ("13.3", "normalised before the reshape", generator(dense="layers.Dense(98 * maps, kernel_initializer=start), layers.BatchNormalization(), layers.Reshape((7, 7, 2 * maps)),", first="layers.ReLU(),")),
    ("13.3", "LeakyReLU of slope 0", generator(second="layers.BatchNormalization(), layers.LeakyReLU(0.0),")),
    ("13.4", "activation by argument", detective(first="layers.Conv2D(maps, 4, 2, padding='same', activation=keras.layers.LeakyReLU(negative_slope=0.2), kernel_initializer=start),")),
    ("13.4", "functional", "def build_discriminator(maps):\n    k = dict(kernel_size=4, strides=2, padding='same', kernel_initializer=keras.initializers.RandomNormal(stddev=0.02), use_bias=False)\n    x = i = keras.Input((28, 28, 1))\n"
     "    x = layers.LeakyReLU(negative_slope=0.2)(layers.Conv2D(maps, **k)(x))\n    x = layers.LeakyReLU(negative_slope=0.2)(layers.BatchNormalization()(layers.Conv2D(2 * maps, **k)(x)))\n"
     "    return keras.Model(i, layers.Dense(1, kernel_initializer=keras.initializers.RandomNormal(stddev=0.02))(layers.Flatten()(x)))"),
    ("13.4", "leaky by name", detective(first="layers.Conv2D(maps, 4, 2, padding='same', kernel_initializer=start), layers.Activation('leaky_relu'),")),
    ("13.4", "reshaped", detective(last="layers.Reshape((98 * maps,)), layers.Dense(1, activation='linear', kernel_initializer=start),")),
    ("13.4", "input named", detective().replace("keras.Input((28, 28, 1))", "layers.InputLayer(shape=(28, 28, 1))")),
    ("13.5", "share by share", "def arc(a, b, steps):\n    la, lb = np.linalg.norm(a), np.linalg.norm(b)\n    w = np.arccos(np.clip(np.dot(a / la, b / lb), -1.0, 1.0))\n    out = []\n    for t in np.linspace(0, 1, steps):\n"
     "        if w < 1e-6:\n            out.append((1 - t) * a + t * b)\n        else:\n            out.append(((1 - t) * la + t * lb) * (np.sin((1 - t) * w) / np.sin(w) * a / la + np.sin(t * w) / np.sin(w) * b / lb))\n    return np.array(out)"),
    ("13.5", "turned", arc(direction="np.cos(t * theta) * u + np.sin(t * theta) * (v - np.cos(theta) * u) / np.sin(theta)")),
    ("13.5", "outer", "def arc(a, b, steps):\n    t = np.linspace(0, 1, steps)\n    la, lb = np.sqrt(a @ a), np.sqrt(b @ b)\n    u, v = a / la, b / lb\n    th = np.arccos(min(1.0, max(-1.0, u @ v)))\n    if th < 1e-6:\n"
     "        return np.linspace(a, b, steps)\n    return np.outer(((1 - t) * la + t * lb) * np.sin((1 - t) * th) / np.sin(th), u) + np.outer(((1 - t) * la + t * lb) * np.sin(t * th) / np.sin(th), v)"),
    ("13.5", "np.interp of lengths", arc(length="np.interp(t, [0, 1], [la, lb])")),
    ("13.5", "angle by two lengths", arc(angle="2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))")),
    ("13.6", "np.mean", SUM + "a, b, c = (np.mean(codings[list(g)], axis=0) for g in (first, second, third))\n    return a - b + c"),
    ("13.6", "sums over sizes", SUM + "m = lambda g: sum(codings[i] for i in g) / len(g)\n    return m(first) + m(third) - m(second)"),
    ("13.6", "take", SUM + "return np.take(codings, first, 0).mean(0) - np.take(codings, second, 0).mean(0) + np.take(codings, third, 0).mean(0)"),
    ("13.6", "weights", SUM + "w = np.zeros(len(codings))\n    w[first] += 1 / len(first)\n    w[second] -= 1 / len(second)\n    w[third] += 1 / len(third)\n    return w @ codings"),
    ("13.6", "average", SUM + "return np.average(codings[first], axis=0) - (np.average(codings[second], axis=0) - np.average(codings[third], axis=0))"),
    ("13.7", "TensorFlow", PLANES + "flags = tf.one_hot(labels, classes)[:, tf.newaxis, tf.newaxis, :]\n    return tf.tile(flags, [1, height, width, 1])"),
    ("13.7", "times ones", PLANES + "return ops.reshape(ops.one_hot(labels, classes), (-1, 1, 1, classes)) * ops.ones((1, height, width, 1))"),
    ("13.7", "compared", PLANES + "flags = ops.cast(labels[:, None] == ops.arange(classes, dtype=labels.dtype), 'float32')\n    return ops.tile(flags[:, None, None], (1, height, width, 1))"),
    ("13.8", "loss written as two lines", phase(improve="optimizer = self.discriminator_optimizer\n        self.improve(self.discriminator, optimizer, tape, loss)")),
    ("13.8", "apply by hand", phase(improve="v = self.discriminator.trainable_variables\n        self.discriminator_optimizer.apply(tape.gradient(loss, v), v)")),
    ("13.8", "by its own networks", phase(judged="self.discriminator([real, labels], training=True), self.discriminator([fake, fake_labels], training=True)")),
    ("13.8", "floats", phase(note="self.note(d_loss=loss, real_accuracy=ops.mean(ops.cast(real_logits > 0, 'float32')), fake_accuracy=ops.mean(ops.cast(fake_logits < 0, 'float32')))")),
]  # fmt: skip

SURVIVORS = {
    ("13.1", "size - 1 -> size + 1"): "the array of counts is longer than needed, and the cut takes the rest away",
    ("13.1", "size - 1 -> size"): "the array of counts is longer than needed, and the cut takes the rest away",
    ("13.2", "np.clip((images + 1) / 2, 0, 1) -> np.clip(0, (images + 1) / 2, 1)"): "min(max(0, x), 1) either way",
    ("13.5", "np.clip(u @ v, -1, 1) -> np.clip(-1, u @ v, 1)"): "min(max(-1, x), 1) either way",
    ("13.5", "1 -> 2"): "the lower clip matters for opposite codings only, between which no arc is the shortest",
    ("13.1", "np.zeros((size - 1) * stride + kernel, dtype=int) without dtype"): "whole numbers as floats are whole numbers",
    ("13.1", "stride -> size in (size - 1) * stride"): "the array of counts is longer than needed, and the cut takes the rest away",
    ("13.1", "stride -> kernel in (size - 1) * stride"): "the array of counts is longer than needed, and the cut takes the rest away",
    ("13.5", "theta < 1e-06 -> theta <= 1e-06"): "the limit is a matter of taste: at such an angle arc and line are the same",
    ("13.7", "no gradient by: labels"): "labels are whole numbers",
    ("13.8", "real_logits > 0 -> real_logits >= 0"): "a logit of exactly 0 takes no side, and does not happen",
    ("13.8", "fake_logits < 0 -> fake_logits <= 0"): "a logit of exactly 0 takes no side, and does not happen",
}
