package io.github.lsgspark.dataset.synthetic;

import io.github.lsgspark.config.DataSettings;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Draws one picture with random place, size, turn, tint, background, clutter and noise. */
final class ImageGenerator implements SampleGenerator {
  private static final double NOISE = 14;
  private static final int CLUTTER = 3;

  @Override
  public List<String> names() {
    return SyntheticClass.all().stream().map(SyntheticClass::name).toList();
  }

  @Override
  public String extension() {
    return ".png";
  }

  @Override
  public byte[] make(String name, DataSettings.DrawnSettings settings, long seed) {
    return draw(SyntheticClass.named(name), settings.imageSize(), seed);
  }

  private static byte[] draw(SyntheticClass drawn, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(grey(random, 60, 200));
    graphics.fillRect(0, 0, size, size);
    for (int i = 0; i < CLUTTER; i++) {
      graphics.setColor(tinted(new Color(128, 128, 128), random, 70));
      double w = size * (0.1 + 0.25 * random.nextDouble());
      graphics.fill(
          new Ellipse2D.Double(
              size * random.nextDouble() - w / 2, size * random.nextDouble() - w / 2, w, w / 2));
    }
    double radius = size * (0.24 + 0.18 * random.nextDouble());
    AffineTransform place = new AffineTransform();
    place.translate(
        size * (0.5 + 0.24 * (random.nextDouble() - 0.5)),
        size * (0.5 + 0.24 * (random.nextDouble() - 0.5)));
    place.rotate((random.nextDouble() - 0.5) * 0.9);
    place.scale(radius, radius * (0.8 + 0.4 * random.nextDouble()));
    Area outline = new Area(place.createTransformedShape(outline(drawn.shape())));
    Color color = tinted(drawn.hue().color(), random, 34);
    graphics.setColor(color);
    graphics.fill(outline);
    graphics.clip(outline);
    graphics.setColor(random.nextBoolean() ? shade(color, 0.45) : shade(color, 1.7));
    texture(graphics, drawn.texture(), size, random);
    graphics.dispose();
    noise(image, random);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static java.awt.Shape outline(SyntheticClass.Shape shape) {
    return switch (shape) {
      case CIRCLE -> new Ellipse2D.Double(-1, -1, 2, 2);
      case SQUARE -> new Rectangle2D.Double(-0.85, -0.85, 1.7, 1.7);
      case TRIANGLE -> polygon(3, 1, 1, -Math.PI / 2);
      case STAR -> polygon(10, 1.1, 0.5, -Math.PI / 2);
      case DIAMOND -> polygon(4, 1.15, 1.15, 0);
      case CROSS -> {
        Area cross = new Area(new Rectangle2D.Double(-1, -0.35, 2, 0.7));
        cross.add(new Area(new Rectangle2D.Double(-0.35, -1, 0.7, 2)));
        yield cross;
      }
      case RING -> without(new Ellipse2D.Double(-0.5, -0.5, 1, 1));
      case CRESCENT -> without(new Ellipse2D.Double(-0.35, -0.9, 1.8, 1.8));
    };
  }

  private static Area without(java.awt.Shape hole) {
    Area area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
    area.subtract(new Area(hole));
    return area;
  }

  private static Path2D polygon(int points, double outer, double inner, double turn) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < points; i++) {
      double radius = i % 2 == 0 ? outer : inner;
      double angle = turn + 2 * Math.PI * i / points;
      double x = radius * Math.cos(angle);
      double y = radius * Math.sin(angle);
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }

  private static void texture(
      Graphics2D graphics, SyntheticClass.Texture texture, int size, SplittableRandom random) {
    double step = size * (0.14 + 0.06 * random.nextDouble());
    double shift = step * random.nextDouble();
    for (double y = -shift - size; y < 2 * size; y += step) {
      switch (texture) {
        case PLAIN -> {
          return;
        }
        case STRIPED -> graphics.fill(new Rectangle2D.Double(0, y, size, step / 2));
        case DOTTED, CHECKED -> {
          boolean odd = Math.floorMod((int) Math.round((y + shift) / step), 2) == 1;
          for (double x = -shift + (odd ? step / 2 : 0); x < size; x += step) {
            graphics.fill(
                texture == SyntheticClass.Texture.DOTTED
                    ? new Ellipse2D.Double(x, y, step * 0.5, step * 0.5)
                    : new Rectangle2D.Double(x, y, step / 2, step));
          }
        }
      }
    }
  }

  private static void noise(BufferedImage image, SplittableRandom random) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int red = clip((rgb >> 16 & 0xFF) + NOISE * random.nextGaussian());
        int green = clip((rgb >> 8 & 0xFF) + NOISE * random.nextGaussian());
        int blue = clip((rgb & 0xFF) + NOISE * random.nextGaussian());
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
  }

  static Color grey(SplittableRandom random, int low, int high) {
    int value = random.nextInt(low, high);
    return tinted(new Color(value, value, value), random, 20);
  }

  static Color tinted(Color color, SplittableRandom random, int amount) {
    return new Color(
        clip(color.getRed() + random.nextInt(-amount, amount + 1)),
        clip(color.getGreen() + random.nextInt(-amount, amount + 1)),
        clip(color.getBlue() + random.nextInt(-amount, amount + 1)));
  }

  private static Color shade(Color color, double factor) {
    return new Color(
        clip(color.getRed() * factor + (factor > 1 ? 40 : 0)),
        clip(color.getGreen() * factor + (factor > 1 ? 40 : 0)),
        clip(color.getBlue() * factor + (factor > 1 ? 40 : 0)));
  }

  static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
