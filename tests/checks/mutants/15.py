"""Wrong and alternative answers to the exercises of lesson 15."""


def fade(enlarged="ops.repeat(ops.repeat(smaller, 2, axis=1), 2, axis=2)", mixed="(1 - alpha) * enlarged + alpha * larger"):
    """An answer to 15.1 with one thing changed."""
    return f"def fade_in(smaller, larger, alpha):\n    enlarged = {enlarged}\n    return {mixed}\n"


def grown(
    start="progan.upsample(maps)", step="progan.pixel_norm(progan.activate(layer(x)))", loop="block",
    old="progan.upsample(old_layer(maps))", mixed="progan.fade_in(old, new_layer(x), alpha)", after="",
):  # fmt: skip
    """An answer to 15.2 with one thing changed."""
    return (
        "def grown_image(maps, block, old_layer, new_layer, alpha, norm=progan.pixel_norm, fade=progan.fade_in):\n"
        f"    x = {start}\n    for layer in {loop}:\n        x = {step}\n"
        f"{after}    old = {old}\n    return {mixed}\n"
    )


def times(
    first="epoch < steady", start="0, 1.0", length="fade + steady", begun="epoch - steady", over="further + 1 >= stages",
    end="stages - 1, 1.0", stage="int(further) + 1", alpha="min(1.0, rest / fade)",
):  # fmt: skip
    """An answer to 15.3 with one thing changed."""
    return (
        f"def stage_at(epoch, stages, fade, steady):\n    if {first}:\n        return {start}\n    further, rest = divmod({begun}, {length})\n"
        f"    if {over}:\n        return {end}\n    return {stage}, {alpha}\n"
    )


def norm(size="ops.mean(ops.square(x), axis=-1, keepdims=True)", result="x / ops.sqrt(size + epsilon)"):
    """An answer to 15.4 with one thing changed."""
    return f"def pixel_norm(x, epsilon=1e-8):\n    size = {size}\n    return {result}\n"


def layer(
    shape="(self.kernel_size, self.kernel_size, input_shape[-1], self.filters)", start="keras.initializers.RandomNormal(stddev=1.0)",
    bias='self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")', fan_in="self.kernel_size**2 * x.shape[-1]",
    result='ops.conv(x, self.kernel * (2 / fan_in) ** 0.5, padding="same") + self.bias', more="",
):  # fmt: skip
    """An answer to 15.5 with one thing changed."""
    return (
        "class EqualizedConvolution(layers.Layer):\n    def __init__(self, filters, kernel_size=3, **kwargs):\n        super().__init__(**kwargs)\n"
        "        self.filters, self.kernel_size = filters, kernel_size\n\n    def build(self, input_shape):\n"
        f'        self.kernel = self.add_weight(name="kernel", shape={shape}, initializer={start})\n        self.bias = {bias}\n{more}\n'
        f"    def call(self, x):\n        fan_in = {fan_in}\n        return {result}\n"
    )


def deviation(
    groups="ops.reshape(x, (group, -1, height, width, maps))", spread="ops.sqrt(ops.var(groups, axis=0) + 1e-8)",
    numbers="ops.tile(ops.mean(spread, axis=(1, 2, 3)), (group,))", planes="ops.broadcast_to(numbers[:, None, None, None], (batch, height, width, 1))",
    result="ops.concatenate([x, planes], axis=-1)", sizes="ops.shape(x)",
):  # fmt: skip
    """An answer to 15.6 with one thing changed."""
    return (
        f"def minibatch_deviation(x, group=4):\n    batch, height, width, maps = {sizes}\n    groups = {groups}\n    spread = {spread}\n"
        f"    numbers = {numbers}\n    planes = {planes}\n    return {result}\n"
    )


WRONG = [
    ("15.1", "α the wrong way round", fade(mixed="alpha * enlarged + (1 - alpha) * larger"), "wrong way round"),
    ("15.1", "tiles", fade("ops.tile(smaller, (1, 2, 2, 1))"), "ops.repeat, not ops.tile"),
    ("15.1", "no weights", fade(mixed="enlarged + larger"), "without weights"),
    ("15.1", "half and half", fade(mixed="(enlarged + larger) / 2"), "half of each"),
    ("15.1", "old one kept", fade(mixed="enlarged + alpha * larger"), "old image keeps its full weight"),
    ("15.1", "new one at once", fade(mixed="(1 - alpha) * enlarged + larger"), "full weight from the beginning"),
    ("15.1", "no fade", fade(mixed="larger"), "only the new image"),
    ("15.1", "smooth", fade("ops.image.resize(smaller, ops.shape(larger)[1:3], interpolation='bilinear')"), "bilinear"),
    ("15.1", "one side only", fade("ops.repeat(smaller, 2, axis=1)"), "twice as wide"),
    ("15.1", "new one halved", "def fade_in(smaller, larger, alpha):\n    return (1 - alpha) * smaller + alpha * ops.average_pool(larger, 2, 2)\n", "was halved"),
    ("15.1", "NumPy", fade("np.kron(smaller, np.ones((1, 2, 2, 1), 'float32'))"), "no gradient"),
    ("15.2", "α the wrong way round", grown(mixed="progan.fade_in(new_layer(x), old, alpha)"), "wrong way round"),
    ("15.2", "mixed before the image layer", grown(old="progan.upsample(maps)", mixed="new_layer(progan.fade_in(old, x, alpha))"), "maps were mixed before it|stopped with"),
    ("15.2", "new way alone", grown(mixed="new_layer(x)"), "new way alone"),
    ("15.2", "no weights", grown(mixed="old + new_layer(x)"), "without weights"),
    ("15.2", "no normalization", grown(step="progan.activate(layer(x))"), "pixel normalization is missing"),
    ("15.2", "normalised first", grown(step="progan.activate(progan.pixel_norm(layer(x)))"), "first the activation"),
    ("15.2", "normalised once", grown(step="progan.activate(layer(x))", after="    x = progan.pixel_norm(x)\n"), "once, at the end"),
    ("15.2", "no activation", grown(step="progan.pixel_norm(layer(x))"), "activation is missing"),
    ("15.2", "ReLU", grown(step="progan.pixel_norm(ops.relu(layer(x)))"), "this is ReLU"),
    ("15.2", "enlarged late", grown(start="maps", after="    x = progan.upsample(x)\n"), "enlarged behind the new layers"),
    ("15.2", "half a block", grown(loop="block[:1]"), "only the first layer"),
    ("15.2", "block backwards", grown(loop="reversed(block)"), "changed places|stopped with"),
    ("15.2", "old layer for both", grown(mixed="progan.fade_in(old, old_layer(x), alpha)"), "both images are made by the old image layer|stopped with"),
    ("15.2", "old image of the new maps", grown(old="old_layer(x)"), "made of the new maps|stopped with"),
    ("15.2", "two layers only", grown(loop="block[:2]"), "three layers in the block"),
    ("15.3", "α falls", times(alpha="max(0.0, 1 - rest / fade) if rest < fade else 1.0"), "α falls"),
    ("15.3", "no fade", times(alpha="1.0"), "nothing fades in"),
    ("15.3", "0 when steady", times(alpha="rest / fade if rest < fade else 0.0"), "must stay at 1"),
    ("15.3", "beyond 1", times(alpha="rest / fade"), "beyond 1"),
    ("15.3", "stage 0 fades", times(start="0, min(1.0, epoch / fade)"), "stage 0 does not fade in"),
    ("15.3", "over the whole stage", times(alpha="rest / (fade + steady)"), "rises over the whole stage"),
    ("15.3", "exchanged", times(alpha="min(1.0, rest / steady)"), "fade and steady are exchanged"),
    ("15.3", "no end", times(over="False"), "must not go on rising"),
    ("15.3", "late", times(stage="int(further) + (rest >= fade)"), "when its fade-in begins"),
    ("15.3", "whole epochs", times(first="int(epoch) < steady", begun="int(epoch) - steady"), "whole epochs count"),
    ("15.3", "4 × 4 forgotten", times(first="False", begun="epoch"), "are forgotten"),
    ("15.3", "from 1", times(start="1, 1.0", stage="int(further) + 2", end="stages, 1.0"), "counted from 0"),
    ("15.3", "a broken stage", times(stage="further + 1"), "whole number"),
    ("15.3", "α alone", "def stage_at(epoch, stages, fade, steady):\n    return min(1.0, epoch / fade)\n", "two values"),
    ("15.4", "over the pixels", norm("ops.mean(ops.square(x), axis=(1, 2), keepdims=True) if len(x.shape) == 4 else ops.mean(ops.square(x), axis=-1, keepdims=True)"), "over the pixels"),
    ("15.4", "over the image", norm("ops.mean(ops.square(x), axis=tuple(range(1, len(x.shape))), keepdims=True)"), "over all of an image"),
    ("15.4", "over the batch", norm("ops.mean(ops.square(x), axis=0, keepdims=True)"), "over the images of the batch"),
    ("15.4", "over everything", norm("ops.mean(ops.square(x))"), "one size for the whole batch"),
    ("15.4", "no root", norm(result="x / (size + epsilon)"), "root is missing"),
    ("15.4", "length", norm("ops.sum(ops.square(x), axis=-1, keepdims=True)"), "Take the mean"),
    ("15.4", "standardised", norm("ops.var(x, axis=-1, keepdims=True)", "(x - ops.mean(x, axis=-1, keepdims=True)) / ops.sqrt(size + epsilon)"), "standardization"),
    ("15.4", "deviation", norm("ops.var(x, axis=-1, keepdims=True)"), "deviation from the mean"),
    ("15.4", "absolute values", norm("ops.square(ops.mean(ops.abs(x), axis=-1, keepdims=True))"), "absolute values"),
    ("15.4", "ε outside", norm(result="x / (ops.sqrt(size) + epsilon)"), "outside of the root"),
    ("15.4", "no ε", norm(result="x / ops.sqrt(size)"), "ε is missing"),
    ("15.4", "multiplied", norm(result="x * ops.sqrt(size + epsilon)"), "multiplied by its size"),
    ("15.4", "ε fixed", norm(result="x / ops.sqrt(size + 1e-8)"), "argument `epsilon`"),
    ("15.4", "NumPy", norm("np.mean(np.square(x), axis=-1, keepdims=True)", "x / np.sqrt(size + epsilon)"), "NumPy|keras.ops|once compiled"),
    ("15.5", "divided", layer(result='ops.conv(x, self.kernel / (2 / fan_in) ** 0.5, padding="same") + self.bias'), "divided by He's constant"),
    ("15.5", "not scaled", layer(result='ops.conv(x, self.kernel, padding="same") + self.bias'), "used as they are"),
    ("15.5", "scaled at the start only", layer(start="keras.initializers.HeNormal()", result='ops.conv(x, self.kernel, padding="same") + self.bias'), "used as they are"),
    ("15.5", "scaled twice", layer(start="keras.initializers.RandomNormal(stddev=(2 / (self.kernel_size**2 * input_shape[-1])) ** 0.5)"), "nothing is equalized"),
    ("15.5", "scaled in build", layer(more="        self.scaled = ops.convert_to_tensor(self.kernel) * (2 / (self.kernel_size**2 * input_shape[-1])) ** 0.5\n", result='ops.conv(x, self.scaled, padding="same") + self.bias'), "once, in build"),
    ("15.5", "no gain", layer(result='ops.conv(x, self.kernel * (1 / fan_in) ** 0.5, padding="same") + self.bias'), "gain is missing"),
    ("15.5", "no root", layer(result='ops.conv(x, self.kernel * (2 / fan_in), padding="same") + self.bias'), "root is missing"),
    ("15.5", "maps only", layer(fan_in="x.shape[-1]"), "only the maps are counted"),
    ("15.5", "k, not k²", layer(fan_in="self.kernel_size * x.shape[-1]"), "k · k places, not k"),
    ("15.5", "filters", layer(fan_in="self.filters"), "number of filters"),
    ("15.5", "fan-out", layer(fan_in="self.kernel_size**2 * self.filters"), "fan-out"),
    ("15.5", "all weights", layer(fan_in="self.kernel_size**2 * x.shape[-1] * self.filters"), "all weights"),
    ("15.5", "no bias", layer(result='ops.conv(x, self.kernel * (2 / fan_in) ** 0.5, padding="same")'), "bias is missing"),
    ("15.5", "bias scaled", layer(result='(ops.conv(x, self.kernel, padding="same") + self.bias) * (2 / fan_in) ** 0.5'), "bias is scaled"),
    ("15.5", "random bias", layer(bias='self.add_weight(name="bias", shape=(self.filters,), initializer="random_normal")'), "does not start at 0"),
    ("15.5", "Keras' random_normal", layer(start='"random_normal"'), "deviation of .05"),
    ("15.5", "Glorot", layer(start="None"), "usual start"),
    ("15.5", "exchanged shape", layer(shape="(self.kernel_size, self.kernel_size, self.filters, input_shape[-1])"), "in this order|stopped with"),
    ("15.5", "valid", layer(result='ops.conv(x, self.kernel * (2 / fan_in) ** 0.5, padding="valid") + self.bias'), "shape"),
    ("15.5", "fixed kernel", layer(bias='self.add_weight(name="bias", shape=(self.filters,), initializer="zeros", trainable=False)'), "a bias"),
    ("15.6", "images and maps at once", deviation(spread="ops.sqrt(ops.var(groups, axis=(0, 4)) + 1e-8)", numbers="ops.tile(ops.mean(spread, axis=(1, 2)), (group,))"), "images and the maps at once"),
    ("15.6", "everything at once", deviation(spread="ops.sqrt(ops.var(groups, axis=(0, 2, 3, 4)) + 1e-8)", numbers="ops.tile(spread, (group,))"), "images, places and maps at once"),
    ("15.6", "over the maps", deviation(spread="ops.sqrt(ops.var(x, axis=-1) + 1e-8)", numbers="ops.mean(spread, axis=(1, 2))"), "maps of each image"),
    ("15.6", "no groups", deviation(groups="x[:, None]", numbers="ops.tile(ops.mean(spread, axis=(1, 2, 3)), (batch,))"), "no groups here"),
    ("15.6", "neighbours", deviation(groups="ops.reshape(x, (-1, group, height, width, maps))", spread="ops.sqrt(ops.var(groups, axis=1) + 1e-8)", numbers="ops.repeat(ops.mean(spread, axis=(1, 2, 3)), group)"), "neighbours were grouped"),
    ("15.6", "repeated", deviation(numbers="ops.repeat(ops.mean(spread, axis=(1, 2, 3)), group)"), "tile, do not repeat"),
    ("15.6", "one number", deviation(numbers="ops.tile(ops.mean(spread, keepdims=False)[None], (batch,))"), "one number for the whole batch"),
    ("15.6", "variance", deviation(spread="ops.var(groups, axis=0) + 1e-8"), "root is missing"),
    ("15.6", "root last", deviation(spread="ops.var(groups, axis=0)", numbers="ops.sqrt(ops.tile(ops.mean(spread, axis=(1, 2, 3)), (group,)) + 1e-8)"), "root comes after the mean"),
    ("15.6", "mean first", deviation(spread="ops.sqrt(ops.var(ops.mean(groups, axis=(2, 3, 4)), axis=0) + 1e-8)", numbers="ops.tile(spread, (group,))"), "mean comes before the deviation"),
    ("15.6", "group − 1", deviation(spread="ops.sqrt(ops.var(groups, axis=0) * group / (group - 1) + 1e-8)"), "group − 1"),
    ("15.6", "sum", deviation(numbers="ops.tile(ops.sum(spread, axis=(1, 2, 3)), (group,))"), "take the mean"),
    ("15.6", "a number for each place", deviation(numbers="ops.tile(ops.mean(spread, axis=3), (group, 1, 1))", planes="numbers[..., None]"), "each place has a number"),
    ("15.6", "a map for each map", deviation(numbers="ops.tile(ops.mean(spread, axis=(1, 2)), (group, 1))", planes="ops.broadcast_to(numbers[:, None, None], (batch, height, width, maps))"), "each map has a number"),
    ("15.6", "map alone", deviation(result="planes"), "new map alone"),
    ("15.6", "map in front", deviation(result="ops.concatenate([planes, x], axis=-1)"), "comes last"),
    ("15.6", "no ε", deviation(spread="ops.sqrt(ops.var(groups, axis=0))"), "ε is missing|no number"),
    ("15.6", "sizes fixed", deviation(sizes="x.shape"), "not known beforehand"),
    ("15.6", "NumPy", "def minibatch_deviation(x, group=4):\n    x = np.asarray(x)\n    groups = x.reshape(group, -1, *x.shape[1:])\n    numbers = np.tile(np.sqrt(groups.var(axis=0) + 1e-8).mean(axis=(1, 2, 3)), group)\n"
     "    return np.concatenate([x, np.broadcast_to(numbers[:, None, None, None], (*x.shape[:3], 1))], axis=-1)\n", "no gradient|once compiled"),
    ("15.3", "α 0 at stage 0", "def stage_at(epoch, stages, fade, steady):\n    if epoch < steady:\n        return 0, 0.0\n    stage, rest = divmod(epoch - steady, fade + steady)\n"
     "    stage = int(stage) + 1\n    if stage > stages - 1:\n        return stages - 1, 1.0\n    return stage, min(rest / fade, 1.0)", "nothing to fade in from"),
    ("15.3", "fades on after the end", "def stage_at(epoch, stages, fade, steady):\n    if epoch < steady:\n        return 0, 1.0\n    stage, rest = divmod(epoch - steady, fade + steady)\n"
     "    stage = int(stage) + 1\n    if stage > stages - 1:\n        stage = stages - 1\n    return stage, min(rest / fade, 1.0)", "again and again"),
    ("15.3", "α falls", "def stage_at(epoch, stages, fade, steady):\n    if epoch < steady:\n        return 0, 1.0\n    stage, rest = divmod(epoch - steady, fade + steady)\n"
     "    stage = int(stage) + 1\n    if stage > stages - 1:\n        return stages - 1, 1.0\n    return stage, max(0.0, 1 - rest / fade)", "falls from 1 to 0"),
    ("15.3", "steady before the fade-in", "def stage_at(epoch, stages, fade, steady):\n    if epoch < steady:\n        return 0, 1.0\n    stage, rest = divmod(epoch - steady, fade + steady)\n"
     "    stage = int(stage) + 1\n    if stage > stages - 1:\n        return stages - 1, 1.0\n    return stage, max(0.0, (rest - steady) / fade)", "fade-in comes first"),
]  # fmt: skip

ALTERNATIVES = [
    ("15.1", "with the library", "def fade_in(smaller, larger, alpha):\n    return progan.fade_in(progan.upsample(smaller), larger, alpha)\n"),
    ("15.1", "by Keras' layer", fade("layers.UpSampling2D(2)(smaller)", "enlarged + (larger - enlarged) * alpha")),
    ("15.1", "resized", fade("ops.image.resize(smaller, (2 * smaller.shape[1], 2 * smaller.shape[2]), interpolation='nearest')")),
    ("15.2", "enlarged by the mixing", grown(old="old_layer(maps)")),
    ("15.2", "new way last", "def grown_image(maps, block, old_layer, new_layer, alpha, norm=None, fade=None):\n    image = progan.upsample(old_layer(maps))\n    x = layers.UpSampling2D(2)(maps)\n"
     "    for layer in block:\n        x = layer(x)\n        x = ops.maximum(x, 0.2 * x)\n        x = x * ops.rsqrt(ops.mean(x * x, axis=-1, keepdims=True) + 1e-8)\n    return alpha * new_layer(x) + (1 - alpha) * image\n"),
    ("15.2", "enlarged before the old layer", grown(old="old_layer(progan.upsample(maps))")),
    ("15.3", "by Plan", "def stage_at(epoch, stages, fade, steady):\n    return Plan(stages, fade, steady).at(epoch)\n"),
    ("15.3", "by a loop", "def stage_at(epoch, stages, fade, steady):\n    end = steady\n    if epoch < end:\n        return 0, 1\n    for stage in range(1, stages):\n        if epoch < end + fade:\n"
     "            return stage, (epoch - end) / fade\n        end += fade + steady\n        if epoch < end:\n            return stage, 1\n    return stages - 1, 1\n"),
    ("15.3", "by floor", "def stage_at(epoch, stages, fade, steady):\n    place = (epoch - steady) / (fade + steady)\n    stage = int(np.clip(np.floor(place) + 1, 0, stages - 1))\n"
     "    begun = steady + (stage - 1) * (fade + steady)\n    return stage, float(np.clip((epoch - begun) / fade, 0, 1)) if stage else 1.0\n"),
    ("15.4", "by rsqrt", norm(result="x * ops.rsqrt(size + epsilon)")),
    ("15.4", "by a sum", "def pixel_norm(x, epsilon=1e-8):\n    n = x.shape[-1]\n    return x * n**0.5 / ops.sqrt(ops.sum(x * x, axis=-1, keepdims=True) + n * epsilon)\n"),
    ("15.4", "TensorFlow", "def pixel_norm(x, epsilon=1e-8):\n    return x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + epsilon)\n"),
    ("15.5", "input scaled", layer(result='ops.conv(x * (2 / fan_in) ** 0.5, self.kernel, padding="same") + self.bias')),
    ("15.5", "constant kept", layer(more="        self.scale = float(np.sqrt(2 / np.prod(self.kernel.shape[:-1])))\n", fan_in="None", result='ops.add(ops.conv(x, self.scale * self.kernel, strides=1, padding="same"), self.bias)')),
    ("15.5", "other names", "class EqualizedConvolution(layers.Layer):\n    def __init__(self, filters, kernel_size=3, **kwargs):\n        super().__init__(**kwargs)\n        self.filters, self.kernel_size = filters, kernel_size\n\n"
     "    def build(self, input_shape):\n        k = self.kernel_size\n        self.b = self.add_weight(shape=(self.filters,), initializer='zeros', name='b')\n"
     "        self.w = self.add_weight(shape=(k, k, int(input_shape[-1]), self.filters), initializer=keras.initializers.RandomNormal(0.0, 1.0), name='w')\n\n"
     "    def call(self, x):\n        return tf.nn.conv2d(x, progan.layers.he_constant(self.kernel_size**2 * x.shape[-1]) * self.w, 1, 'SAME') + self.b\n"),
    ("15.6", "by hand", deviation(spread="ops.sqrt(ops.mean(ops.square(groups - ops.mean(groups, axis=0, keepdims=True)), axis=0) + 1e-8)", planes="ops.ones_like(x[..., :1]) * numbers[:, None, None, None]")),
    ("15.6", "image by image", "def minibatch_deviation(x, group=4):\n    count = ops.shape(x)[0] // group\n    members = [x[g * count : (g + 1) * count] for g in range(group)]\n    mean = sum(members) / group\n"
     "    variance = sum((member - mean) ** 2 for member in members) / group\n    number = ops.mean((variance + 1e-8) ** 0.5, axis=(1, 2, 3), keepdims=True)\n"
     "    return ops.concatenate([x, ops.zeros_like(x[..., :1]) + ops.tile(number, (group, 1, 1, 1))], axis=-1)\n"),
]  # fmt: skip

WRONG += [
    ("15.1", "a float of α", fade(mixed="(1 - float(alpha)) * enlarged + float(alpha) * larger"), "once compiled"),
    ("15.1", "axes 2 and 3", fade("ops.repeat(ops.repeat(smaller, 2, axis=2), 2, axis=3)"), "height is axis 1"),
    ("15.1", "roots", fade(mixed="(1 - alpha) ** 0.5 * enlarged + alpha**0.5 * larger"), "roots of the weights"),
    ("15.2", "Keras' slope", grown(step="progan.pixel_norm(layers.LeakyReLU()(layer(x)))"), "slope 0.3"),
    ("15.2", "slope .01", grown(step="progan.pixel_norm(ops.leaky_relu(layer(x), 0.01))"), "slope 0.01"),
    ("15.2", "enlarged twice", grown(mixed="fade(old, new_layer(x), alpha)"), "enlarges the smaller image itself"),
    ("15.2", "parameters left out", grown().replace(", norm=progan.pixel_norm, fade=progan.fade_in", ""), "too few parameters"),
    ("15.2", "tanh", grown(mixed="progan.fade_in(ops.tanh(old), ops.tanh(new_layer(x)), alpha)"), "tanh"),
    ("15.3", "not strictly", times(first="epoch <= steady"), "at `steady` the next one"),
    ("15.3", "one too early over", times(over="further + 2 >= stages"), "last stage's fade-in"),
    ("15.3", "squared", times(alpha="min(1.0, rest / fade) ** 2"), "straight line"),
    ("15.3", "one more", times(alpha="min(1.0, (rest + 1) / fade)"), "begins above 0"),
    ("15.4", "axis 1", norm("ops.mean(ops.square(x), axis=1, keepdims=True)"), "along axis 1|last axis"),
    ("15.4", "length by ops", "def pixel_norm(x, epsilon=1e-8):\n    return ops.normalize(x, axis=-1, epsilon=epsilon)\n", "Take the mean"),
    ("15.4", "NumPy, wrapped", "def pixel_norm(x, epsilon=1e-8):\n    x = np.asarray(x)\n    return ops.convert_to_tensor(x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + epsilon))\n", "no gradient"),
    ("15.5", "gain outside", layer(result='ops.conv(x, self.kernel * 2 * (1 / fan_in) ** 0.5, padding="same") + self.bias'), "outside of the root"),
    ("15.5", "reflected", layer(result='ops.conv(ops.pad(x, [[0, 0], *[[self.kernel_size // 2] * 2] * 2, [0, 0]], mode="reflect"), self.kernel * (2 / fan_in) ** 0.5, padding="valid") + self.bias'),
     "by its mirror"),
    ("15.5", "activated", layer(result='ops.leaky_relu(ops.conv(x, self.kernel * (2 / fan_in) ** 0.5, padding="same") + self.bias, 0.2)'), "activation behind"),
    ("15.6", "as a row", deviation(planes="ops.broadcast_to(numbers[:, None, None, None], (batch, 1, width, maps))", result="ops.concatenate([x, planes], axis=1)"), "one more row"),
    ("15.6", "groups of four", "def minibatch_deviation(x, group=4):\n    group = 4\n" + deviation().split("\n", 1)[1], "."),
    ("15.6", "mean absolute", deviation(spread="ops.mean(ops.abs(groups - ops.mean(groups, axis=0)), axis=0)"), "mean absolute deviation"),
]  # fmt: skip

ALTERNATIVES += [
    ("15.1", "twice by stack", fade("ops.reshape(ops.broadcast_to(smaller[:, :, None, :, None], (ops.shape(smaller)[0], smaller.shape[1], 2, smaller.shape[2], 2, smaller.shape[3])), ops.shape(larger))")),
    ("15.1", "TensorFlow", "def fade_in(smaller, larger, alpha):\n    big = tf.repeat(tf.repeat(smaller, 2, axis=1), 2, axis=2)\n    return big + alpha * (larger - big)\n"),
    ("15.1", "one axis after the other", "def fade_in(smaller, larger, alpha):\n    for axis in (1, 2):\n        smaller = ops.repeat(smaller, 2, axis=axis)\n    return smaller * (1.0 - alpha) + larger * alpha\n"),
    ("15.2", "leaky by keras.ops", grown(step="progan.pixel_norm(ops.leaky_relu(layer(x), negative_slope=0.2))")),
    ("15.2", "layers with slope .2", grown(step="progan.pixel_norm(layers.LeakyReLU(0.2)(layer(x)))")),
    ("15.2", "what is handed over", grown(step="norm(progan.activate(layer(x)))", old="old_layer(maps)", mixed="fade(old, new_layer(x), alpha)")),
    ("15.2", "reduce", "def grown_image(maps, block, old_layer, new_layer, alpha, norm=None, fade=None):\n    from functools import reduce\n    x = reduce(lambda x, l: progan.pixel_norm(progan.activate(l(x))), block, progan.upsample(maps))\n"
     "    return progan.fade_in(progan.upsample(old_layer(maps)), new_layer(x), alpha)\n"),
    ("15.2", "difference", grown(mixed="old + alpha * (new_layer(x) - old)")),
    ("15.3", "a table of moments", "def stage_at(epoch, stages, fade, steady):\n    starts = [steady + k * (fade + steady) for k in range(stages - 1)]\n    stage = sum(epoch >= s for s in starts)\n"
     "    return stage, min(1.0, (epoch - starts[stage - 1]) / fade) if stage else 1.0\n"),
    ("15.3", "interp", "def stage_at(epoch, stages, fade, steady):\n    stage = 0\n    while stage < stages - 1 and epoch >= steady + stage * (fade + steady):\n        stage += 1\n"
     "    start = steady + (stage - 1) * (fade + steady)\n    return stage, 1.0 if stage == 0 else float(np.interp(epoch, [start, start + fade], [0, 1]))\n"),
    ("15.3", "floor division", "def stage_at(epoch, stages, fade, steady):\n    s = max(0, min(stages - 1, 1 + int((epoch - steady) // (fade + steady))))\n    if s == 0:\n        return 0, 1.0\n"
     "    return s, max(0.0, min(1.0, (epoch - steady - (s - 1) * (fade + steady)) / fade))\n"),
    ("15.4", "power", norm(result="x * ops.power(size + epsilon, -0.5)")),
    ("15.4", "einsum", norm("ops.einsum('...m,...m->...', x, x)[..., None] / x.shape[-1]")),
    ("15.4", "as a division of tensors", norm("ops.mean(x**2, axis=len(x.shape) - 1, keepdims=True)", "ops.divide(x, ops.sqrt(ops.add(size, epsilon)))")),
    ("15.5", "two roots", layer(result='ops.conv(x, self.kernel * 2**0.5 / fan_in**0.5, strides=1, padding="same") + self.bias')),
    ("15.5", "he by initializer", layer(result='ops.conv(x, ops.multiply(self.kernel, ops.sqrt(2.0 / fan_in)), padding="same") + ops.reshape(self.bias, (1, 1, 1, -1))')),
    ("15.5", "fan-in of the kernel", layer(fan_in="self.kernel.shape[0] * self.kernel.shape[1] * self.kernel.shape[2]")),
    ("15.6", "tiled planes", deviation(planes="ops.tile(ops.reshape(numbers, (-1, 1, 1, 1)), (1, height, width, 1))")),
    ("15.6", "power", deviation(spread="(ops.var(groups, axis=0) + 1e-8) ** 0.5", numbers="ops.tile(ops.mean(ops.mean(ops.mean(spread, axis=3), axis=2), axis=1), [group])")),
    ("15.6", "TensorFlow", "def minibatch_deviation(x, group=4):\n    s = tf.shape(x)\n    y = tf.reshape(x, [group, -1, s[1], s[2], s[3]])\n    y -= tf.reduce_mean(y, axis=0, keepdims=True)\n    y = tf.sqrt(tf.reduce_mean(tf.square(y), axis=0) + 1e-8)\n"
     "    y = tf.reduce_mean(y, axis=[1, 2, 3], keepdims=True)\n    return tf.concat([x, tf.tile(y, [group, s[1], s[2], 1])], axis=-1)\n"),
    ("15.6", "moments", deviation(spread="ops.sqrt(ops.moments(groups, axes=[0])[1] + 1e-8)", numbers="ops.concatenate([ops.mean(spread, axis=(1, 2, 3))] * group)")),
]  # fmt: skip

SURVIVORS = {
    ("15.2", "as in the first call: fade"): "the library's own way to fade in is right as well, whatever is handed over",
    ("15.3", "min(1.0, rest / fade) -> min(rest / fade, 1.0)"): "the smaller of two numbers, in either order",
}
