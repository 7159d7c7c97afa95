"""Wrong and alternative answers to the exercises of lesson 06."""

SIZE = "def output_size(size, kernel, stride, padding, transposed=False):\n"
MOVE = "def shifted(images, down, right):\n"


def sizes(up_same="size * stride", up_valid="(size - 1) * stride + kernel", same="-(-size // stride)",
          valid="(size - kernel) // stride + 1"):  # fmt: skip
    """An answer to 6.1 with one thing changed."""
    return (
        SIZE + f"    if transposed:\n        return {up_same} if padding == 'same' else {up_valid}\n"
        f"    return {same} if padding == 'same' else {valid}\n"
    )


def painted(add="+=", stamp="kernel @ x[i, j]", step="stride", cut="(k - stride) // 2", end="cut + h * stride, cut : cut + w * stride",
            test="padding == 'valid'"):  # fmt: skip
    """An answer to 6.2 with one thing changed."""
    return (
        "def transposed_convolution(x, kernel, stride, padding):\n    (h, w, _), k = x.shape, len(kernel)\n"
        "    sheet = np.zeros(((h - 1) * stride + k, (w - 1) * stride + k, kernel.shape[2]))\n"
        "    for i in range(h):\n        for j in range(w):\n"
        f"            sheet[i * {step} : i * {step} + k, j * {step} : j * {step} + k] {add} {stamp}\n"
        f"    if {test}:\n        return sheet\n    cut = {cut}\n    return sheet[cut : {end}]\n"
    )


def decoder(
    start="layers.Dense(144), layers.Reshape((3, 3, 16)),",
    first="layers.Conv2DTranspose(32, 3, strides=2, padding='valid', activation='relu'),",
    second="layers.Conv2DTranspose(16, 3, strides=2, padding='same', activation='relu'),",
    last="layers.Conv2DTranspose(1, 3, strides=2, padding='same', activation='sigmoid'),",
    end="layers.Reshape((28, 28))", input="keras.Input((codings,)),",
):  # fmt: skip
    """An answer to 6.3 with one thing changed."""
    return f"def classical_decoder(codings):\n    return keras.Sequential([{input} {start} {first} {second} {last} {end}])\n"


def doubling(*parts):
    """An answer to 6.4 of these layers."""
    return f"def smooth_doubling(maps, kernel_size):\n    return keras.Sequential([{', '.join(parts)}])\n"


def neck(narrow="encoder, layers.Flatten(), layers.Dense(codings)", size="int(np.prod(shape))", back="layers.Reshape(shape), decoder",
         result="Autoencoder(narrow, wide)", before="", wide_input="codings", extra=""):  # fmt: skip
    """An answer to 6.6 with one thing changed."""
    return (
        f"def with_neck(encoder, decoder, codings):\n    shape = encoder.output_shape[1:]\n    {before or 'pass'}\n"
        f"    narrow = keras.Sequential([{narrow}])\n"
        f"    wide = keras.Sequential([keras.Input(({wide_input},)), layers.Dense({size}{extra}), {back}])\n    return {result}\n"
    )


UP, CONV = "layers.UpSampling2D(2)", "layers.Conv2D(maps, kernel_size, padding='same')"

WRONG = [
    ("6.1", "rounded down", sizes(same="size // stride"), "rounded down"),
    ("6.1", "steps and not places", sizes(valid="(size - kernel) // stride"), "one too few"),
    ("6.1", "rounded up", sizes(valid="-(-(size - kernel) // stride) + 1"), "rounded up"),
    ("6.1", "no rounding", sizes(same="size / stride"), "whole number"),
    ("6.1", "half windows", sizes(valid="(size - kernel) / stride + 1"), "half windows"),
    ("6.1", "same keeps the size", sizes(same="size"), "stride was forgotten"),
    ("6.1", "kernel forgotten", sizes(valid="size // stride"), "kernel was forgotten"),
    ("6.1", "valid as same on the way up", sizes(up_valid="size * stride"), "whole of the last stroke"),
    ("6.1", "same as valid on the way up", sizes(up_same="(size - 1) * stride + kernel"), "'same' cuts it"),
    ("6.1", "last stroke too far", sizes(up_valid="size * stride + kernel"), r"\(size − 1\) · stride"),
    ("6.1", "transposed ignored", SIZE + "    return -(-size // stride) if padding == 'same' else (size - kernel) // stride + 1", "ordinary convolution"),
    ("6.2", "painted over", painted(add="="), "must add up"),
    ("6.2", "kernel turned", painted(stamp="kernel[::-1, ::-1] @ x[i, j]"), "180°"),
    ("6.2", "kernel transposed", painted(stamp="kernel.transpose(1, 0, 2, 3) @ x[i, j]"), "exchanged"),
    ("6.2", "cut at the end only", painted(cut="0"), "lower and right edge"),
    ("6.2", "cut at the beginning only", painted(cut="k - stride"), "rounded down"),
    ("6.2", "cut rounded up", painted(cut="-(-(k - stride) // 2)"), "rounded down"),
    ("6.2", "never cut", painted(test="True"), "this is the whole sheet"),
    ("6.2", "always cut", painted(test="False"), "cut as for 'same'"),
    ("6.2", "maps the wrong way round", painted(stamp="x[i, j] @ kernel"), "stopped with|mismatch|size"),
    ("6.3", "same throughout", decoder(first="layers.Conv2DTranspose(32, 3, strides=2, padding='same', activation='relu'),"), "the other padding|28"),
    ("6.3", "valid twice", decoder(second="layers.Conv2DTranspose(16, 3, strides=2, padding='valid', activation='relu'),", end="layers.Cropping2D(1), layers.Reshape((28, 28))"), "one pixel too many"),
    ("6.3", "no reshape at the end", decoder(end=""), "no axis for maps"),
    ("6.3", "no sigmoid", decoder(last="layers.Conv2DTranspose(1, 3, strides=2, padding='same'),"), "sigmoid"),
    ("6.3", "ReLU at the end", decoder(last="layers.Conv2DTranspose(1, 3, strides=2, padding='same', activation='relu'),"), "sigmoid"),
    ("6.3", "two sigmoids", decoder(end="layers.Activation('sigmoid'), layers.Reshape((28, 28))"), "once|nothing else"),
    ("6.3", "no bends", decoder(first="layers.Conv2DTranspose(32, 3, strides=2, activation=None),"), "ReLU"),
    ("6.3", "fixed codings", decoder(input="keras.Input((30,)),"), "argument"),
    ("6.3", "no input", decoder(input=""), "keras.Input"),
    ("6.3", "kernel 4", decoder(second="layers.Conv2DTranspose(16, 4, strides=2, padding='same', activation='relu'),"), "kernel 3"),
    ("6.3", "maps of the encoder", decoder(first="layers.Conv2DTranspose(64, 3, strides=2, activation='relu'),"), r"\[32, 16, 1\]"),
    ("6.3", "dense start as a row", decoder(start="layers.Dense(144), layers.Reshape((12, 12, 1)),", end="layers.Flatten()"), "3, 3, 16"),
    ("6.4", "transposed", doubling("layers.Conv2DTranspose(maps, kernel_size, strides=2, padding='same')"), "uneven|different weights"),
    ("6.4", "kernel always 4", doubling("layers.Conv2DTranspose(maps, 4, strides=2, padding='same')"), "Enlarge first"),
    ("6.4", "convolution first", doubling(CONV, UP), "after the enlargement"),
    ("6.4", "valid", doubling(UP, "layers.Conv2D(maps, kernel_size)"), "18 × 22"),
    ("6.4", "no convolution", doubling(UP, "layers.Dense(maps)"), "convolution|kernel"),
    ("6.4", "only enlarged", doubling(UP), "maps"),
    ("6.4", "with ReLU", doubling(UP, "layers.Conv2D(maps, kernel_size, padding='same', activation='relu')"), "no activation"),
    ("6.4", "kernel size fixed", doubling(UP, "layers.Conv2D(maps, 3, padding='same')"), "kernel_size"),
    ("6.4", "doubled twice", doubling(UP, UP, CONV), "double both sides, once"),
    ("6.4", "a list", "def smooth_doubling(maps, kernel_size):\n    return [layers.UpSampling2D(2), layers.Conv2D(maps, kernel_size)]", "Sequential"),
    ("6.5", "roll", MOVE + "    return np.roll(images, (down, right), axis=(1, 2))", "np.roll"),
    ("6.5", "down and right exchanged", MOVE + "    p = np.pad(images, ((0, 0), (9, 9), (9, 9)))\n    h, w = images.shape[1:]\n"
     "    return p[:, 9 - right : 9 - right + h, 9 - down : 9 - down + w]", "exchanged"),
    ("6.5", "the wrong way", MOVE + "    p = np.pad(images, ((0, 0), (9, 9), (9, 9)))\n    h, w = images.shape[1:]\n"
     "    return p[:, 9 + down : 9 + down + h, 9 + right : 9 + right + w]", "wrong way"),
    ("6.5", "edge drawn out", MOVE + "    p = np.pad(images, ((0, 0), (9, 9), (9, 9)), mode='edge')\n    h, w = images.shape[1:]\n"
     "    return p[:, 9 - down : 9 - down + h, 9 - right : 9 - right + w]", "drawn out"),
    ("6.5", "positive moves only", MOVE + "    moved = np.zeros_like(images)\n    moved[:, down:, right:] = images[:, :-down, :-right]\n    return moved", "signs need care|stopped with"),
    ("6.5", "in place", MOVE + "    images[:] = np.roll(images, (down, right), axis=(1, 2))\n    return images", "changes its argument"),
    ("6.5", "sideways only", MOVE + "    p = np.pad(images, ((0, 0), (0, 0), (9, 9)))\n    return p[:, :, 9 - right : 9 - right + images.shape[2]]", "sideways"),
    ("6.6", "no neck", neck(result="Autoencoder(encoder, decoder)"), "Flatten"),
    ("6.6", "averaged", neck(narrow="encoder, layers.GlobalAveragePooling2D(), layers.Dense(codings)"), "forgets"),
    ("6.6", "flattened only", neck(narrow="encoder, layers.Flatten()", wide_input="27"), "Dense"),
    ("6.6", "ReLU codings", neck(narrow="encoder, layers.Flatten(), layers.Dense(codings, activation='relu')"), "any number"),
    ("6.6", "new convolutions", neck(narrow="keras.Input((6, 6, 1)), layers.Conv2D(3, 3, strides=2, padding='same'), layers.Flatten(), layers.Dense(codings)"), "given encoder"),
    ("6.6", "new decoder", neck(back="layers.Reshape(shape), layers.Conv2DTranspose(1, 4, strides=2, padding='same')"), "given decoder"),
    ("6.6", "maps as codings", neck(narrow="encoder, layers.Conv2D(codings, 1)", result="Autoencoder(narrow, keras.Sequential([keras.Input((3, 3, codings)), layers.Conv2D(3, 1), decoder]))"), "maps are not numbers"),
    ("6.6", "fixed size", neck(narrow="encoder, layers.Flatten(), layers.Dense(30)", wide_input="30"), "30 codings"),
    ("6.6", "the largest of each map", neck(narrow="encoder, layers.GlobalMaxPooling2D(), layers.Dense(codings)"), "no pooling|straight-line"),
    ("6.2", "cut too far up", painted(cut="-(-(k - stride) // 2)"), "too much was cut|rounded down"),
    ("6.2", "cut at the top only", painted(cut="k - stride"), "upper and left"),
    ("6.3", "dense with ReLU", decoder(start="layers.Dense(144, activation='relu'), layers.Reshape((3, 3, 16)),"), "dense layer has an activation"),
    ("6.3", "leaky", decoder(first="layers.Conv2DTranspose(32, 3, strides=2, padding='valid', activation='leaky_relu'),"), "ReLU"),
    ("6.3", "batch normalization", decoder(end="layers.Reshape((28, 28)), layers.BatchNormalization()"), "nothing more has weights"),
    ("6.3", "a convolution more", decoder(end="layers.Conv2D(1, 3, padding='same', activation='sigmoid'), layers.Reshape((28, 28))"), "nothing more has weights"),
    ("6.3", "no biases", decoder(start="layers.Dense(144, use_bias=False), layers.Reshape((3, 3, 16)),"), "without a bias"),
    ("6.3", "dropout", decoder(start="layers.Dense(144), layers.Reshape((3, 3, 16)), layers.Dropout(0.5),"), "dropout|nothing else"),
    ("6.4", "two convolutions", doubling("layers.UpSampling2D(2)", "layers.Conv2D(maps, kernel_size, padding='same')",
                                         "layers.Conv2D(maps, kernel_size, padding='same')"), "2 kernels"),
    ("6.4", "separable", doubling("layers.UpSampling2D(2)", "layers.SeparableConv2D(maps, kernel_size, padding='same')"), "2 kernels"),
    ("6.4", "made for four maps", doubling("keras.Input((None, None, 4))", UP, CONV), "other sizes than the lesson"),
    ("6.6", "halves exchanged", neck(result="Autoencoder(wide, narrow)"), "other sizes than the lesson"),
    ("6.1", "one too many", sizes(up_valid="size * stride + kernel - 1"), "7 strokes of 2 begin at pixels 0, 2, … and 12"),
    ("6.1", "rounded to the nearest", sizes(valid="round((size - kernel) / stride) + 1"), "windows of 4 that begin at 0, 3"),
    ("6.1", "padding of half a kernel", sizes(same="(size + 2 * (kernel // 2) - kernel) // stride + 1"), "Count each that begins inside"),
    ("6.1", "strokes without the last", sizes(up_same="(size - 1) * stride + 1"), "keeps `stride` pixels for each"),
    ("6.4", "dropout", doubling("layers.UpSampling2D(2)", "layers.Dropout(0.3)", "layers.Conv2D(maps, kernel_size, padding='same')"), "in training"),
    ("6.5", "minus zero", MOVE + "    out = np.zeros_like(images)\n    n, h, w = images.shape\n    d, r = down, right\n"
     "    a = images[:, max(-d, 0):(-d if d >= 0 else h), max(-r, 0):(-r if r >= 0 else w)]\n"
     "    if a.size:\n        out[:, max(d, 0):max(d, 0) + a.shape[1], max(r, 0):max(r, 0) + a.shape[2]] = a\n    return out", "ends at −0"),
    ("6.6", "frozen halves", neck(before="encoder.trainable = False; decoder.trainable = False"), "frozen"),
    ("6.6", "dropout", neck(narrow="encoder, layers.Flatten(), layers.Dropout(0.5), layers.Dense(codings)"), "in training"),
    ("6.5", "edge drawn out", MOVE + "    from scipy.ndimage import shift\n    return shift(images, (0, down, right), order=0, mode='nearest')", "edge is drawn out"),
    ("6.5", "along the batch", MOVE + "    return np.roll(images, down, axis=0)", "axis 0 counts images"),
    ("6.5", "zero case not copied",
     "def shifted(images, down, right):\n    if down == 0 and right == 0:\n        return images\n    h, w = images.shape[1:]\n"
     "    a, b = abs(down), abs(right)\n    P = np.pad(images, ((0, 0), (a, a), (b, b)))\n    return P[:, a - down:a - down + h, b - right:b - right + w]", "given array itself"),
]  # fmt: skip

ALTERNATIVES = [
    ("6.1", "counted", SIZE + "    if transposed:\n        last = 1 + max(i * stride + kernel - 1 for i in range(size))\n"
     "        return last if padding == 'valid' else last - (kernel - stride)\n"
     "    return len(range(0, size if padding == 'same' else size - kernel + 1, stride))"),
    ("6.1", "by Keras itself", SIZE + "    kind = layers.Conv2DTranspose if transposed else layers.Conv2D\n"
     "    return kind(1, kernel, strides=stride, padding=padding).compute_output_shape((1, size, size, 1))[1]"),
    ("6.2", "zeros between the pixels, then a convolution", "def transposed_convolution(x, kernel, stride, padding):\n    (h, w, m), k = x.shape, len(kernel)\n"
     "    wide = np.zeros(((h - 1) * stride + 1, (w - 1) * stride + 1, m))\n    wide[::stride, ::stride] = x\n"
     "    wide = np.pad(wide, ((k - 1, k - 1), (k - 1, k - 1), (0, 0)))\n"
     "    sheet = sum(wide[k - 1 - a : len(wide) - a, k - 1 - b : wide.shape[1] - b] @ kernel[a, b].T for a in range(k) for b in range(k))\n"
     "    cut = (k - stride) // 2\n    return sheet if padding == 'valid' else sheet[cut : cut + h * stride, cut : cut + w * stride]"),
    ("6.2", "stamp by stamp of the kernel", "def transposed_convolution(x, kernel, stride, padding):\n    (h, w, _), k = x.shape, len(kernel)\n"
     "    sheet = np.zeros((h * stride + k - stride, w * stride + k - stride, kernel.shape[2]))\n    for a in range(k):\n        for b in range(k):\n"
     "            sheet[a : a + h * stride - stride + 1 : stride, b : b + w * stride - stride + 1 : stride] += np.einsum('hwp,qp->hwq', x, kernel[a, b])\n"
     "    top = (k - stride) // 2 if padding == 'same' else 0\n    bottom = k - stride - top if padding == 'same' else 0\n"
     "    return sheet[top : len(sheet) - bottom, top : sheet.shape[1] - bottom]"),
    ("6.3", "functional, activations apart", "def classical_decoder(codings):\n    z = keras.Input((codings,))\n    h = layers.Reshape((3, 3, 16))(layers.Dense(144)(z))\n"
     "    h = layers.ReLU()(layers.Conv2DTranspose(32, 3, 2)(h))\n    h = layers.Activation('relu')(layers.Conv2DTranspose(16, (3, 3), (2, 2), padding='same')(h))\n"
     "    h = keras.activations.sigmoid(layers.Conv2DTranspose(1, 3, 2, padding='same')(h))\n    return keras.Model(z, ops.squeeze(h, axis=-1))"),
    ("6.4", "bilinear", doubling("layers.UpSampling2D(2, interpolation='bilinear')", CONV)),
    ("6.4", "nearest, other spelling", doubling("layers.UpSampling2D(size=(2, 2))", "layers.Conv2D(filters=maps, kernel_size=(kernel_size, kernel_size), padding='same', use_bias=False)")),
    ("6.4", "a transposed convolution of stride 1", doubling(UP, "layers.Conv2DTranspose(maps, kernel_size, padding='same')")),
    ("6.5", "slices", MOVE + "    moved = np.zeros_like(images)\n    h, w = images.shape[1:]\n    if abs(down) < h and abs(right) < w:\n"
     "        moved[:, max(down, 0) : h + min(down, 0), max(right, 0) : w + min(right, 0)] = images[:, max(-down, 0) : h + min(-down, 0), max(-right, 0) : w + min(-right, 0)]\n"
     "    return moved"),
    ("6.5", "rolled on a larger sheet", MOVE + "    h, w = images.shape[1:]\n    large = np.pad(images, ((0, 0), (0, abs(down)), (0, abs(right))))\n"
     "    return np.roll(large, (down, right), axis=(1, 2))[:, :h, :w]"),
    ("6.6", "a convolution over everything", neck(narrow="encoder, layers.Conv2D(codings, shape[:2]), layers.Flatten()")),
    ("6.6", "functional", "def with_neck(encoder, decoder, codings):\n    x = keras.Input(encoder.input_shape[1:])\n    h = encoder(x)\n    z = layers.Dense(codings)(ops.reshape(h, (-1, int(np.prod(h.shape[1:])))))\n"
     "    z_in = keras.Input((codings,))\n    g = layers.Reshape(h.shape[1:])(layers.Dense(int(np.prod(h.shape[1:])))(z_in))\n"
     "    return Autoencoder(keras.Model(x, z), keras.Model(z_in, decoder(g)))"),
    ("6.3", "activation layers", decoder(first="layers.Conv2DTranspose(32, 3, strides=2), layers.ReLU(),")),
    ("6.4", "repeat", "def smooth_doubling(maps, kernel_size):\n    class Block(keras.Model):\n        def __init__(self):\n            super().__init__()\n"
     "            self.conv = layers.Conv2D(maps, kernel_size, padding='same')\n        def call(self, x):\n"
     "            return self.conv(tf.repeat(tf.repeat(x, 2, axis=1), 2, axis=2))\n    return Block()"),
    ("6.4", "all named", doubling("layers.UpSampling2D((2, 2), interpolation='nearest')", "layers.Conv2D(maps, kernel_size, strides=1, padding='same', activation=None)")),
    ("6.5", "SciPy", MOVE + "    from scipy.ndimage import shift\n    return shift(images, (0, down, right), order=0, cval=0)"),
    ("6.1", "ceil", sizes(same="int(np.ceil(size / stride))")),
    ("6.1", "int", sizes(valid="int((size - kernel) / stride) + 1")),
    ("6.1", "rounded up by adding", sizes(same="(size + stride - 1) // stride")),
    ("6.1", "windows rounded up", sizes(valid="int(np.ceil((size - kernel + 1) / stride))")),
    ("6.2", "einsum", painted(stamp="np.einsum('abqp,p->abq', kernel, x[i, j])")),
    ("6.2", "tensordot", painted(stamp="np.tensordot(kernel, x[i, j], axes=1)")),
    ("6.2", "product and sum", painted(stamp="(kernel * x[i, j]).sum(axis=-1)")),
    ("6.2", "by Keras", "def transposed_convolution(x, kernel, stride, padding):\n"
     "    return ops.convert_to_numpy(ops.conv_transpose(ops.convert_to_tensor(x[None]), ops.convert_to_tensor(kernel), strides=stride, padding=padding))[0]"),
    ("6.3", "pairs", decoder(first="layers.Conv2DTranspose(32, (3, 3), strides=(2, 2), padding='valid', activation='relu'),")),
    ("6.3", "-1 in the shape", decoder(start="layers.Dense(3 * 3 * 16), layers.Reshape((3, 3, -1)),")),
    ("6.3", "functions as activations", decoder(last="layers.Conv2DTranspose(1, 3, strides=2, padding='same', activation=keras.activations.sigmoid),")),
    ("6.3", "input by its shape", decoder(input="layers.Input(shape=(codings,)),")),
    ("6.4", "defaults", doubling("layers.UpSampling2D()", "layers.Conv2D(maps, kernel_size, padding='same', kernel_initializer='he_normal')")),
    ("6.5", "pixel by pixel", MOVE + "    out = np.zeros_like(images)\n    n, h, w = images.shape\n    for i in range(h):\n        for j in range(w):\n"
     "            if 0 <= i - down < h and 0 <= j - right < w:\n                out[:, i, j] = images[:, i - down, j - right]\n    return out"),
    ("6.5", "rolled and wiped", MOVE + "    out = np.roll(images, (down, right), axis=(1, 2))\n    h, w = images.shape[1:]\n"
     "    rows, columns = np.arange(h) - down, np.arange(w) - right\n    out[:, (rows < 0) | (rows >= h)] = 0\n    out[:, :, (columns < 0) | (columns >= w)] = 0\n    return out"),
    ("6.5", "padded and cut", MOVE + "    h, w = images.shape[1:]\n    big = np.pad(images, ((0, 0), (h, h), (w, w)))\n"
     "    down, right = np.clip(down, -h, h), np.clip(right, -w, w)\n    return big[:, h - down : 2 * h - down, w - right : 2 * w - right]"),
    ("6.6", "three factors", neck(size="shape[0] * shape[1] * shape[2]")),
    ("6.6", "reshape for flatten", neck(narrow="encoder, layers.Reshape((-1,)), layers.Dense(codings)")),
    ("6.6", "math.prod", neck(before="import math", size="math.prod(shape)")),
    ("6.6", "the shape of the decoder", neck(before="shape = decoder.input_shape[1:]")),
]  # fmt: skip

SURVIVORS = {}
