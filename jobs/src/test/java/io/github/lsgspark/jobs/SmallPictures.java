package io.github.lsgspark.jobs;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Noise of 16 pixels, tinted by class. */
final class SmallPictures {
  private SmallPictures() {}

  /** Writes class/file: so many pictures of each class. */
  static void write(Path folder, int each, String... classes) throws IOException {
    for (int c = 0; c < classes.length; c++) {
      Path own = Files.createDirectories(folder.resolve(classes[c]));
      for (int i = 0; i < each; i++) {
        Files.write(own.resolve("p" + i + ".png"), png(c, folder.hashCode() + 31L * i + c));
      }
    }
  }

  /** One picture. */
  static byte[] png(int tint, long seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 256; p++) {
      int[] rgb = {random.nextInt(120), random.nextInt(120), random.nextInt(120)};
      rgb[tint % 3] += 60;
      image.setRGB(p % 16, p / 16, new Color(rgb[0], rgb[1], rgb[2]).getRGB());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
