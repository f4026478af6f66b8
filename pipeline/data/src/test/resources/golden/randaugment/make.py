"""Goldens of RandAugmentTest, made once with Pillow 12.3.0: python make.py > operations.txt

Each line: operation, strength, sign, hex bytes of a 13 x 13 RGB picture changed by it. Picture:
value of (x, y, c) = (17 x + 29 y + 71 c + 7 x y (c + 1)) mod 200 + 20.
"""
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SIDE = 13
GREY = (127, 127, 127)
picture = Image.new("RGB", (SIDE, SIDE))
for y in range(SIDE):
    for x in range(SIDE):
        picture.putpixel(
            (x, y),
            tuple((17 * x + 29 * y + 71 * c + 7 * x * y * (c + 1)) % 200 + 20 for c in range(3)),
        )


def affine(image, *matrix):
    return image.transform(image.size, Image.Transform.AFFINE, matrix, fillcolor=GREY)


def enhanced(kind):
    return lambda image, v, sign: kind(image).enhance(v * 0.9 / 10 + 0.05)


def shift(v, sign):
    return sign * (v * 0.3 / 10)


OPERATIONS = {
    "AUTO_CONTRAST": lambda image, v, sign: ImageOps.autocontrast(image),
    "BRIGHTNESS": enhanced(ImageEnhance.Brightness),
    "COLOR": enhanced(ImageEnhance.Color),
    "CONTRAST": enhanced(ImageEnhance.Contrast),
    "EQUALIZE": lambda image, v, sign: ImageOps.equalize(image),
    "IDENTITY": lambda image, v, sign: image,
    "POSTERIZE": lambda image, v, sign: ImageOps.posterize(image, v * 4 // 10 + 4),
    "ROTATE": lambda image, v, sign: image.rotate(sign * (v * 30 // 10), fillcolor=GREY),
    "SHARPNESS": enhanced(ImageEnhance.Sharpness),
    "SHEAR_X": lambda image, v, sign: affine(image, 1, shift(v, sign), 0, 0, 1, 0),
    "SHEAR_Y": lambda image, v, sign: affine(image, 1, 0, 0, shift(v, sign), 1, 0),
    "SOLARIZE": lambda image, v, sign: ImageOps.solarize(image, 256 - v * 256 // 10),
    "TRANSLATE_X": lambda image, v, sign: affine(
        image, 1, 0, int(shift(v, sign) * SIDE), 0, 1, 0
    ),
    "TRANSLATE_Y": lambda image, v, sign: affine(
        image, 1, 0, 0, 0, 1, int(shift(v, sign) * SIDE)
    ),
}

for name, operation in OPERATIONS.items():
    for v, sign in ((1, 1), (5, -1), (9, 1)):
        print(name, v, sign, operation(picture, v, sign).tobytes().hex())
boxed = picture.copy()
ImageDraw.Draw(boxed).rectangle((7, 1, 11, 5), GREY)
print("CUTOUT", 4, 1, boxed.tobytes().hex())
boxed = picture.copy()
ImageDraw.Draw(boxed).rectangle((0, 8, 4, 13), GREY)
print("CUTOUT_EDGE", 4, 1, boxed.tobytes().hex())
