package io.github.lsgspark.dataset.synthetic;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One kind of drawn picture: colour, texture and shape. */
record SyntheticClass(Hue hue, Texture texture, Shape shape) {

  /** Colours; neighbours on the wheel look alike once jitter is added. */
  enum Hue {
    RED(0xD8, 0x30, 0x30),
    ORANGE(0xE8, 0x88, 0x20),
    YELLOW(0xE0, 0xD0, 0x30),
    GREEN(0x38, 0xA0, 0x40),
    BLUE(0x30, 0x58, 0xD0),
    PURPLE(0x90, 0x40, 0xB8);

    private final Color color;

    Hue(int red, int green, int blue) {
      this.color = new Color(red, green, blue);
    }

    Color color() {
      return color;
    }
  }

  /** How the shape is filled. */
  enum Texture {
    PLAIN,
    STRIPED,
    DOTTED,
    CHECKED
  }

  /** Outlines. */
  enum Shape {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    STAR,
    CROSS,
    RING,
    DIAMOND,
    CRESCENT
  }

  static List<SyntheticClass> all() {
    List<SyntheticClass> all = new ArrayList<>();
    for (Hue hue : Hue.values()) {
      for (Texture texture : Texture.values()) {
        for (Shape shape : Shape.values()) {
          all.add(new SyntheticClass(hue, texture, shape));
        }
      }
    }
    return all;
  }

  /** Plain words, as a label. */
  String name() {
    return (hue + " " + texture + " " + shape).toLowerCase(Locale.ROOT);
  }

  static SyntheticClass named(String name) {
    String[] words = name.toUpperCase(Locale.ROOT).split(" ");
    return new SyntheticClass(
        Hue.valueOf(words[0]), Texture.valueOf(words[1]), Shape.valueOf(words[2]));
  }
}
