package io.github.lsgspark.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MlflowNamesTest {
  @Test
  void whatMlflowTakesIsLeftAlone() {
    for (String name : List.of("accuracy", "train/ce", "lsg, seed 1".replace(",", ""), "基线/mean")) {
      assertThat(MlflowNames.named(name)).isEqualTo(name);
    }
  }

  @Test
  void noTwoNamesBecomeOneAndAllAreTaken() {
    Random random = new Random(3);
    String letters = "ab:()[]=λμ/. \"";
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      StringBuilder name = new StringBuilder();
      for (int l = random.nextInt(i % 50 == 0 ? 400 : 8) + 1; l > 0; l--) {
        name.append(letters.charAt(random.nextInt(letters.length())));
      }
      names.add(name.toString());
    }
    Set<String> told = new HashSet<>();
    for (String name : names) {
      String one = MlflowNames.named(name);
      assertThat(one).matches("(?U)[\\w\\-. /]{1,250}").doesNotMatch("(.*//.*|/.*|.*/|\\.\\.?)");
      told.add(one);
    }
    assertThat(told).hasSameSizeAs(names);
  }
}
