package io.github.lsgspark.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostNamesTest {
  private static HostNames names(String host, int... address) throws UnknownHostException {
    byte[] bytes = new byte[address.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) address[i];
    }
    return new HostNames(new InetSocketAddress(InetAddress.getByAddress(host, bytes), 8080));
  }

  @Test
  void aLoopbackAddressAnswersToThisMachinesNames() throws Exception {
    HostNames names = names("Desk", 127, 0, 1, 1);
    assertThat(names.areAll()).isFalse();
    for (String host :
        new String[] {
          null,
          "localhost",
          "LOCALHOST:80",
          "127.0.0.1:8080",
          "127.0.1.1:8080",
          "desk",
          "DESK:1",
          "[::1]",
          "[::1]:8080",
          "::1"
        }) {
      assertThat(names.include(host)).as(host).isTrue();
    }
    for (String host :
        new String[] {
          "",
          "[",
          "]:80",
          "evil.example",
          "localhost.evil.example",
          "127.0.0.1.evil.example:8080",
          "127.0.0.1@evil.example",
          "[::2]",
          "[::1]evil.example",
          "desk.evil.example:8080"
        }) {
      assertThat(names.include(host)).as(host).isFalse();
    }
  }

  @Test
  void anAddressThatOthersReachAnswersToAll() throws Exception {
    HostNames names = names("desk", 192, 0, 2, 7);
    assertThat(names.areAll()).isTrue();
    assertThat(names.include("lab.example:8080")).isTrue();
  }
}
