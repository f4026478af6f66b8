package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * CIFAR-100, the binary version, by its fine labels: 3074 bytes a picture, the coarse and the fine
 * label and then 32 x 32 values each of red, green and blue. Every picture becomes a PNG. The
 * Python version holds pickles, which are programs, and is not read.
 */
public final class CifarReader implements DatasetReader {
  private static final String CLASSES = "fine_label_names.txt";
  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;
  private static final int RECORD = 2 + 3 * PIXELS;

  @Override
  public String label() {
    return "cifar-100";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "CIFAR-100",
        List.of("cifar-100-binary/"),
        Map.of("cifar-100-binary.tar.gz", "cifar-100-binary"),
        "cifar-100-binary/ (or cifar-100-binary.tar.gz) with "
            + CLASSES
            + ", train.bin and test.bin; the Python version is not read, since pickles are programs");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    List<String> classes = files.rows(CLASSES).stream().map(TextRow::text).toList();
    List<PublishedSample> samples = new ArrayList<>();
    add(files, PublishedSample.TRAIN, classes, samples);
    add(files, PublishedSample.TEST, classes, samples);
    return new PublishedData(classes, samples);
  }

  private static void add(
      PublishedFiles files, String split, List<String> classes, List<PublishedSample> samples) {
    String name = split + ".bin";
    try (InputStream in = files.open(name);
        Scratch.Pack pack = files.scratch().create(name)) {
      byte[] record = in.readNBytes(RECORD);
      for (int number = 0; record.length > 0; number++) {
        String place = files.path(name) + ": record " + number;
        if (record.length < RECORD) {
          throw LsgException.input(
              place + " must have " + RECORD + " bytes, but has " + record.length);
        }
        int label = record[1] & 0xFF;
        if (label >= classes.size()) {
          throw LsgException.input(
              place
                  + ": fine label must be below "
                  + classes.size()
                  + ", the lines of "
                  + CLASSES
                  + ", but was: "
                  + label);
        }
        String id = String.format(Locale.ROOT, "%s/%05d.png", split, number);
        String piece = pack.add(new ByteArrayInputStream(png(record)));
        samples.add(
            new PublishedSample(
                id, classes.get(label), split, new PublishedSample.InScratch(piece)));
        record = in.readNBytes(RECORD);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(files.path(name) + ": " + e.getMessage(), e);
    }
  }

  private static byte[] png(byte[] record) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < PIXELS; i++) {
      int red = record[2 + i] & 0xFF;
      int green = record[2 + PIXELS + i] & 0xFF;
      int blue = record[2 + 2 * PIXELS + i] & 0xFF;
      image.setRGB(i % SIDE, i / SIDE, red << 16 | green << 8 | blue);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Without it, every picture would go through a file of its own.
    try (ImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(image, "png", memory);
    }
    return out.toByteArray();
  }
}
