package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkPropertiesTest {

  @Test
  void theBlockIsReadApartFromTheSettings() {
    Loaded loaded =
        SettingsLoader.load(
            """
            spark {
              executor { memory = 3g, instances = 4 }
              "speculation" = true
              "speculation.interval" = 1s
              hadoop.fs.s3a.secret.key = ${seed}hidden
            }
            """,
            Map.of("spark.executor.memory", "5g"));
    assertThat(loaded.spark())
        .containsOnly(
            Map.entry("spark.executor.memory", "5g"),
            Map.entry("spark.executor.instances", "4"),
            Map.entry("spark.speculation", "true"),
            Map.entry("spark.speculation.interval", "1s"),
            Map.entry("spark.hadoop.fs.s3a.secret.key", "1hidden"));
    assertThat(loaded.effective().root().render()).doesNotContain("hidden").doesNotContain("5g");
    Loaded variant = SettingsLoader.overlay(loaded, com.typesafe.config.ConfigFactory.empty());
    assertThat(variant.spark()).isEqualTo(loaded.spark());
  }

  @ParameterizedTest
  @CsvSource({
    "'spark = 3', 'spark is a section, not a value'",
    "'\nspark.jars = [a, b]', 'spark.jars must be a single value'",
    "'experiment.methods.a.spark.executor.memory = 3g', 'unknown key experiment.methods.a.spark'",
  })
  void errorsNameTheKey(String text, String message) {
    assertThatThrownBy(() -> SettingsLoader.load(text, Map.of()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.secret.key",
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.hadoop.fs.azure.account.key.site.dfs.core.windows.net",
        "spark.ssl.keyPassword",
        "spark.authenticate.secret",
        "spark.kubernetes.authenticate.oauthToken",
      })
  void secretsAreKnownByTheirNames(String key) {
    assertThat(SparkProperties.isSecret(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.executor.memory",
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "spark.hadoop.hadoop.security.credential.provider.path",
        "spark.security.credentials.hbase.enabled",
        "spark.kubernetes.authenticate.oauthTokenFile",
        "spark.kubernetes.driver.secretKeyRef.AWS_SECRET_ACCESS_KEY",
        "spark.kerberos.keytab",
      })
  void otherPropertiesAreNoSecrets(String key) {
    assertThat(SparkProperties.isSecret(key)).isFalse();
  }
}
