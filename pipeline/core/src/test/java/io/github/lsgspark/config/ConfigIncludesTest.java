package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigIncludesTest {
  private static Loaded load(Map<String, String> files, String... overlays) {
    List<String> layers = new ArrayList<>(List.of("s3a://bucket/conf/run.conf"));
    layers.addAll(List.of(overlays));
    return SettingsLoader.load(
        location -> Optional.ofNullable(files.get(location)), layers, Map.of());
  }

  @Test
  void includesLieBesideTheFileWhereverItIs() {
    Loaded loaded =
        load(
            Map.of(
                "s3a://bucket/conf/run.conf", "include \"below/base.conf\"\ngraph.k = 4",
                "s3a://bucket/conf/below/base.conf", "include \"deep\"\ngraph.k = 3",
                "s3a://bucket/conf/below/deep.conf", "seed = 9, graph.k = 2"));
    assertThat(loaded.settings().graph().k()).isEqualTo(4);
    assertThat(loaded.settings().seed()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"http://example.org/evil.conf\"",
        "include url(\"http://example.org/evil.conf\")",
        "include \"file:/etc/evil.conf\"",
        "include url(\"file:///etc/evil.conf\")",
        "include classpath(\"reference.conf\")",
        "include required(url(\"https://example.org/evil.conf\"))",
      })
  void addressesAreNotIncluded(String include) {
    assertThatThrownBy(() -> load(Map.of("s3a://bucket/conf/run.conf", "\n" + include)))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("s3a://bucket/conf/run.conf: include")
        .hasMessageContaining("only files beside this one can be included");
  }

  @Test
  void whatIsIncludedMustBeThere() {
    assertThatThrownBy(() -> load(Map.of("s3a://bucket/conf/run.conf", "include \"nosuch\"")))
        .hasMessage(
            "s3a://bucket/conf/run.conf: includes nosuch, but there is no"
                + " s3a://bucket/conf/nosuch.conf");
    assertThatThrownBy(() -> load(Map.of()))
        .hasMessage("s3a://bucket/conf/run.conf: no such configuration file");
  }

  @Test
  void aCircleEnds() {
    assertThatThrownBy(() -> load(Map.of("s3a://bucket/conf/run.conf", "include \"run\"")))
        .hasMessageContaining("more than 20 deep");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    location -> {
                      throw new IOException("permission denied");
                    },
                    List.of("hdfs://nn/run.conf"),
                    Map.of()))
        .hasMessage("hdfs://nn/run.conf: the configuration cannot be read: permission denied");
  }

  @Test
  void laterFilesGoOverEarlierOnesAndErrorsNameThem() {
    Map<String, String> files =
        Map.of(
            "s3a://bucket/conf/run.conf", "graph.k = 3, seed = 5",
            "site.conf", "graph.k = 7",
            "late.conf", "spark.executor.memory = 3g",
            "wrong.conf", "\ngraph.kk = 1");
    Loaded loaded = load(files, "site.conf", "late.conf");
    assertThat(loaded.settings().graph().k()).isEqualTo(7);
    assertThat(loaded.settings().seed()).isEqualTo(5);
    assertThat(loaded.spark()).containsExactly(Map.entry("spark.executor.memory", "3g"));
    assertThatThrownBy(() -> load(files, "wrong.conf")).hasMessageContaining("wrong.conf:2: ");
  }
}
