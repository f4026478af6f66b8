package io.github.lsgspark.torch;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A socket that listens on a free port of the loopback address, for native code to take over.
 *
 * @param descriptor its number in this process; who takes it over closes it
 */
record LoopbackListener(int descriptor, int port) {
  private static final int BACKLOG = 1024;

  /** Never closed by Java: by then the number could be another's. */
  private static final Queue<ServerSocketChannel> TAKEN_OVER = new ConcurrentLinkedQueue<>();

  static LoopbackListener open() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    int descriptor = descriptor(channel);
    TAKEN_OVER.add(channel);
    return new LoopbackListener(descriptor, channel.socket().getLocalPort());
  }

  /** Java tells it inside its own packages only, which Spark opens in all its processes. */
  private static int descriptor(ServerSocketChannel channel) throws IOException {
    try {
      Method number = channel.getClass().getMethod("getFDVal");
      number.setAccessible(true);
      return (int) number.invoke(channel);
    } catch (ReflectiveOperationException | RuntimeException e) {
      channel.close();
      throw new IOException(
          "this JVM needs the option --add-opens=java.base/sun.nio.ch=ALL-UNNAMED", e);
    }
  }
}
