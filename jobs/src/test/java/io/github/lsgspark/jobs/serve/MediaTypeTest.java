package io.github.lsgspark.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MediaTypeTest {
  private static final byte[] NOTHING = new byte[0];

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void endingsTellWhatBrowsersShow() {
    assertThat(MediaType.of("a/b#c.JPG", NOTHING)).isEqualTo("image/jpeg");
    assertThat(MediaType.of("dog.1.flac", NOTHING)).isEqualTo("audio/flac");
    assertThat(MediaType.of("clip.mp4", NOTHING)).isEqualTo("video/mp4");
  }

  @Test
  void otherwiseTheFirstBytesTellAndWhatABrowserWouldRunIsNeverNamed() {
    assertThat(MediaType.of("train/7", bytes("GIF89a......"))).isEqualTo("image/gif");
    assertThat(MediaType.of("page.html", bytes("<html><script>")))
        .isEqualTo("application/octet-stream");
    assertThat(MediaType.of("a.svg", bytes("<?xml version='1.0'?><svg/>")))
        .isEqualTo("application/octet-stream");
    assertThat(MediaType.of("", NOTHING)).isEqualTo("application/octet-stream");
  }
}
