package io.github.lsgspark.jobs.serve;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * By which names a server may be asked. One on a loopback address answers to names of this machine
 * alone, so that no page of another site can reach it by a name of its own for that address (DNS
 * rebinding); one that others may reach answers to all.
 */
final class HostNames {
  private final boolean all;
  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "::1"));

  HostNames(InetSocketAddress address) {
    all = !address.getAddress().isLoopbackAddress();
    names.add(address.getHostString().toLowerCase(Locale.ROOT));
    names.add(address.getAddress().getHostAddress().toLowerCase(Locale.ROOT));
  }

  /** Whether other machines can ask. */
  boolean areAll() {
    return all;
  }

  /**
   * @param host of the header, with or without a port and brackets; null if there is none
   */
  boolean include(String host) {
    if (all || host == null) {
      return true;
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      name = name.replaceFirst("^\\[([^\\]]*)\\](:\\d*)?$", "$1");
    } else if (name.indexOf(':') == name.lastIndexOf(':')) {
      name = name.replaceFirst(":\\d*$", "");
    }
    return names.contains(name);
  }
}
