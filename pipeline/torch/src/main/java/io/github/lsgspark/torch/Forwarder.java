package io.github.lsgspark.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Listens at an address and passes what comes in a connection on to another, both ways, until one
 * end closes. A connection costs two threads that sleep; a replica has one or two.
 *
 * <p>Connections whose way on is not open yet are bounded in number and in time: of too many the
 * oldest is closed, so that those who only wait do not keep others out.
 */
final class Forwarder implements AutoCloseable {
  /** Opens the way on for a connection that came in. */
  interface Onward {
    /**
     * Decides on a connection that came in.
     *
     * @return connected to where it goes on
     * @throws IOException if it must not, or cannot; the connection that came in is closed
     */
    Socket open(Socket incoming) throws IOException;
  }

  private static final int BACKLOG = 1024;
  private static final int PAUSE_MS = 100;
  private static final int BUFFER_BYTES = 1 << 14;

  /** Closes connections that take too long to open their way on. */
  private static final ScheduledExecutorService CLOSER =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "lsg-late-connections");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * How many connections there are at most.
   *
   * @param opening whose way on is not open yet
   * @param openingMillis longest time for that
   * @param all with those that are passed on
   */
  record Limits(int opening, long openingMillis, int all) {
    /** Without a bound but that of the backlog. */
    static final Limits TRUSTED = new Limits(BACKLOG, Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  private final ServerSocket listener;
  private final String name;
  private final Onward onward;
  private final Limits limits;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> opening = new LinkedHashSet<>();

  private Forwarder(ServerSocket listener, String name, Onward onward, Limits limits) {
    this.listener = listener;
    this.name = name;
    this.onward = onward;
    this.limits = limits;
  }

  /**
   * @param name of its threads
   */
  static Forwarder listen(InetAddress address, String name, Onward onward) throws IOException {
    return listen(address, name, onward, Limits.TRUSTED);
  }

  /**
   * @param name of its threads
   */
  static Forwarder listen(InetAddress address, String name, Onward onward, Limits limits)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress(address, 0), BACKLOG);
    Forwarder forwarder = new Forwarder(listener, name, onward, limits);
    forwarder.thread(forwarder::accept);
    return forwarder;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void thread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + port());
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket incoming = listener.accept();
        if (open.size() >= limits.all()) {
          incoming.close();
          continue;
        }
        open.add(incoming);
        begin(incoming);
        thread(() -> connect(incoming));
      } catch (IOException e) {
        // Closed; or no more connections are to be had now.
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(listener.isClosed() ? 0 : PAUSE_MS);
    } catch (InterruptedException e) {
      stopListening();
    }
  }

  /** Bounds the connections that have shown nothing yet. */
  private void begin(Socket incoming) {
    Socket oldest = null;
    synchronized (opening) {
      opening.add(incoming);
      if (opening.size() > limits.opening()) {
        oldest = opening.iterator().next();
      }
    }
    if (oldest != null) {
      drop(oldest);
    }
    if (limits.openingMillis() < Long.MAX_VALUE) {
      var unused =
          CLOSER.schedule(
              () -> {
                if (isOpening(incoming)) {
                  drop(incoming);
                }
              },
              limits.openingMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private boolean isOpening(Socket socket) {
    synchronized (opening) {
      return opening.contains(socket);
    }
  }

  private void opened(Socket incoming) throws IOException {
    synchronized (opening) {
      if (!opening.remove(incoming)) {
        throw new IOException("closed meanwhile");
      }
    }
  }

  /** Connections whose way on is not open yet. */
  int opening() {
    synchronized (opening) {
      return opening.size();
    }
  }

  private void connect(Socket incoming) {
    try {
      Socket outgoing = onward.open(incoming);
      open.add(outgoing);
      try {
        opened(incoming);
      } catch (IOException e) {
        drop(outgoing);
        throw e;
      }
      incoming.setTcpNoDelay(true);
      outgoing.setTcpNoDelay(true);
      thread(() -> copy(outgoing, incoming));
      copy(incoming, outgoing);
    } catch (IOException e) {
      drop(incoming);
    }
  }

  /** Until either end closes; then both are. */
  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // The other end sees that it is closed.
    } finally {
      drop(from);
      drop(to);
    }
  }

  private void drop(Socket socket) {
    open.remove(socket);
    synchronized (opening) {
      opening.remove(socket);
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** Takes no more connections; those there are stay. */
  void stopListening() {
    try {
      listener.close();
    } catch (IOException e) {
      // It is closed either way.
    }
  }

  @Override
  public void close() {
    stopListening();
    open.forEach(this::drop);
  }
}
