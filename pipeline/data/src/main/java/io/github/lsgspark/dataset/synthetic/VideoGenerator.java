package io.github.lsgspark.dataset.synthetic;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.dataset.media.ClipWriter;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Draws one shape that moves before a background, as an MP4 file: "red star moving left". A single
 * frame does not tell the movement.
 */
final class VideoGenerator implements SampleGenerator {
  private static final int FRAMES_PER_SECOND = 10;
  private static final double NOISE = 8;

  private static final List<SyntheticClass.Shape> SHAPES =
      List.of(
          SyntheticClass.Shape.CIRCLE,
          SyntheticClass.Shape.SQUARE,
          SyntheticClass.Shape.STAR,
          SyntheticClass.Shape.CROSS);

  private static final List<SyntheticClass.Hue> HUES =
      List.of(
          SyntheticClass.Hue.RED,
          SyntheticClass.Hue.YELLOW,
          SyntheticClass.Hue.GREEN,
          SyntheticClass.Hue.BLUE);

  /** What the shape does. */
  enum Movement {
    MOVING_LEFT,
    MOVING_RIGHT,
    RISING,
    FALLING,
    GROWING,
    SHRINKING,
    BLINKING;

    private String words() {
      return name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (SyntheticClass.Hue hue : HUES) {
      for (SyntheticClass.Shape shape : SHAPES) {
        for (Movement movement : Movement.values()) {
          names.add((hue + " " + shape).toLowerCase(Locale.ROOT) + " " + movement.words());
        }
      }
    }
    return names;
  }

  @Override
  public String extension() {
    return ".mp4";
  }

  @Override
  public byte[] make(String name, DataSettings.DrawnSettings settings, long seed) {
    String[] words = name.toUpperCase(Locale.ROOT).split(" ", 3);
    SplittableRandom random = new SplittableRandom(seed);
    SyntheticClass.Shape shape = SyntheticClass.Shape.valueOf(words[1]);
    Movement movement = Movement.valueOf(words[2].replace(' ', '_'));
    Color color = ImageGenerator.tinted(SyntheticClass.Hue.valueOf(words[0]).color(), random, 30);
    Color ground = ImageGenerator.grey(random, 60, 200);
    double x = 0.5 + 0.3 * (random.nextDouble() - 0.5);
    double y = 0.5 + 0.3 * (random.nextDouble() - 0.5);
    double radius = 0.16 + 0.08 * random.nextDouble();
    double speed = 0.4 + 0.3 * random.nextDouble();
    double turn = (random.nextDouble() - 0.5) * 0.6;
    double begin = random.nextDouble();
    int count = Math.max(2, (int) Math.round(settings.seconds() * FRAMES_PER_SECOND));
    List<DecodedImage> frames = new ArrayList<>(count);
    for (int frame = 0; frame < count; frame++) {
      double part = (double) frame / (count - 1) - 0.5;
      AffineTransform place = new AffineTransform();
      place.scale(settings.imageSize(), settings.imageSize());
      place.translate(
          x
              + switch (movement) {
                case MOVING_LEFT -> -speed * part;
                case MOVING_RIGHT -> speed * part;
                default -> 0;
              },
          y
              + switch (movement) {
                case RISING -> -speed * part;
                case FALLING -> speed * part;
                default -> 0;
              });
      place.rotate(turn);
      double size =
          radius
              * switch (movement) {
                case GROWING -> 1 + speed * part * 2;
                case SHRINKING -> 1 - speed * part * 2;
                default -> 1;
              };
      place.scale(size, size);
      boolean shown =
          movement != Movement.BLINKING || Math.floorMod((int) (begin * 4 + frame * 0.6), 2) == 0;
      Area outline = new Area(place.createTransformedShape(ImageGenerator.outline(shape)));
      frames.add(frame(settings.imageSize(), ground, shown ? color : ground, outline, random));
    }
    return ClipWriter.mp4(frames, FRAMES_PER_SECOND);
  }

  private static DecodedImage frame(
      int size, Color ground, Color color, Area outline, SplittableRandom random) {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(ground);
    graphics.fillRect(0, 0, size, size);
    graphics.setColor(color);
    graphics.fill(outline);
    graphics.dispose();
    byte[] rgb = new byte[3 * size * size];
    for (int i = 0; i < size * size; i++) {
      int value = image.getRGB(i % size, i / size);
      for (int c = 0; c < 3; c++) {
        int level = value >> (16 - 8 * c) & 0xFF;
        rgb[3 * i + c] = (byte) ImageGenerator.clip(level + NOISE * random.nextGaussian());
      }
    }
    return new DecodedImage(size, size, rgb);
  }
}
