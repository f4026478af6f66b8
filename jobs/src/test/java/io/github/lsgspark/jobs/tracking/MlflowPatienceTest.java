package io.github.lsgspark.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrackingSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MlflowPatienceTest {
  @Test
  @Timeout(60)
  void aServerThatTakesTheCallAndNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        MlflowTracker tracker =
            new MlflowTracker(
                new TrackingSettings("http://127.0.0.1:" + silent.getLocalPort(), "flowers"),
                Duration.ofSeconds(2))) {
      LsgException given = catchThrowableOfType(LsgException.class, tracker::check);
      assertThat(given.exitCode()).isEqualTo(LsgException.ENVIRONMENT);
      assertThat(given).hasMessageContaining("no answer in 2 s").hasMessageContaining("flowers");
    }
  }
}
