package io.github.lsgspark.dataset.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.image.RandAugment.Operation;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandAugmentTest {
  private static final int SIDE = 13;

  /** Made by golden/randaugment/make.py with Pillow. */
  static List<String> goldens() throws IOException {
    try (InputStream in =
        RandAugmentTest.class.getResourceAsStream("/golden/randaugment/operations.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static DecodedImage picture() {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        for (int c = 0; c < 3; c++) {
          rgb[3 * (y * SIDE + x) + c] =
              (byte) ((17 * x + 29 * y + 71 * c + 7 * x * y * (c + 1)) % 200 + 20);
        }
      }
    }
    return new DecodedImage(SIDE, SIDE, rgb);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyOperationEqualsPillows(String golden) {
    String[] parts = golden.split(" ", -1);
    int strength = Integer.parseInt(parts[1]);
    DecodedImage changed =
        switch (parts[0]) {
          case "CUTOUT" -> RandAugment.cutout(picture(), 9.4, 3.7, strength);
          case "CUTOUT_EDGE" -> RandAugment.cutout(picture(), 0.5, 10.2, strength);
          default ->
              RandAugment.apply(
                  Operation.valueOf(parts[0]), picture(), strength, parts[2].equals("-1"));
        };
    assertThat(HexFormat.of().formatHex(changed.rgb())).isEqualTo(parts[3]);
  }

  @Test
  void allOperationsAreCovered() throws IOException {
    List<String> names = goldens().stream().map(line -> line.split(" ", -1)[0]).toList();
    for (Operation operation : Operation.values()) {
      assertThat(names).contains(operation.name());
    }
  }

  @Test
  void picturesOfOneColourSurviveEveryOperation() {
    DecodedImage plain = new DecodedImage(4, 4, new byte[48]);
    for (Operation operation : Operation.values()) {
      assertThat(RandAugment.apply(operation, plain, 9, true).rgb()).hasSize(48);
    }
  }

  @Test
  void probabilityAndCutoutDecideWhatChanges() {
    DecodedImage picture = picture();
    RandAugment never = new RandAugment(new TrainSettings.RandAugmentSettings(2, 0, 9, 0));
    assertThat(never.apply(picture, new SplittableRandom(1)).rgb()).isEqualTo(picture.rgb());
    RandAugment square = new RandAugment(new TrainSettings.RandAugmentSettings(0, 0.5, 9, 0.3));
    byte[] cut = square.apply(picture, new SplittableRandom(1)).rgb();
    int grey = 0;
    for (int i = 0; i < cut.length; i += 3) {
      grey += cut[i] == 127 && cut[i + 1] == 127 && cut[i + 2] == 127 ? 1 : 0;
    }
    assertThat(grey).isBetween(9, 25);
    RandAugment often = new RandAugment(new TrainSettings.RandAugmentSettings(2, 0.5, 9, 0));
    int changed = 0;
    for (int seed = 0; seed < 400; seed++) {
      DecodedImage result = often.apply(picture, new SplittableRandom(seed));
      changed += java.util.Arrays.equals(result.rgb(), picture.rgb()) ? 0 : 1;
    }
    // An operation is applied half the time; one of 14 is the identity, so 1 - (1 - 13/28)².
    assertThat(changed / 400.0).isBetween(0.62, 0.8);
  }
}
