package io.github.lsgspark.training.metrics;

import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.LiveFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scalars in an event file that TensorBoard reads: TFRecord frames (length, its masked CRC32C,
 * content, its masked CRC32C) around messages of event.proto and summary.proto.
 *
 * <p>TensorBoard reads the files of a folder in the order of their names, and forgets what came
 * before from the step of a restart on. So a training that is taken up writes a file of its own,
 * whose name sorts last, and says where it starts.
 */
public final class EventFile implements MetricSink {
  private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);

  /** How the names of event files begin. */
  public static final String PREFIX = "events.out.tfevents.";

  private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "(\\d{10})\\..*");

  // Field numbers of event.proto and summary.proto.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;

  private final LiveFile file;
  private final String group;
  private final Clock clock;

  /**
   * @param group put before every tag with a slash: TensorBoard shows a group's charts together
   * @param stepsBefore of the training that this one takes up, 0 for a new one
   */
  public EventFile(HadoopFiles files, String folder, String group, long stepsBefore) {
    this(files, folder, group, stepsBefore, Clock.systemUTC());
  }

  EventFile(HadoopFiles files, String folder, String group, long stepsBefore, Clock clock) {
    this.group = group;
    this.clock = clock;
    long seconds = Math.max(clock.millis() / 1000, latest(files, folder) + 1);
    String name = String.format(Locale.ROOT, "%s%010d.%s.lsg", PREFIX, seconds, host());
    this.file = LiveFile.create(files, HadoopFiles.path(folder, name));
    write(event().text(FILE_VERSION, "brain.Event:2"));
    write(
        event()
            .int64(STEP, stepsBefore + 1)
            .message(SESSION_LOG, new ProtobufMessage().int64(SESSION_STATUS, SESSION_START)));
  }

  /** Seconds in the name of the folder's last event file. */
  private static long latest(HadoopFiles files, String folder) {
    long latest = 0;
    try {
      FileSystem fileSystem = files.fileSystem(folder);
      Path path = new Path(folder);
      if (fileSystem.exists(path)) {
        for (FileStatus status : fileSystem.listStatus(path)) {
          Matcher name = NAME.matcher(status.getPath().getName());
          if (name.matches()) {
            latest = Math.max(latest, Long.parseLong(name.group(1)));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} cannot be listed: {}", folder, e.toString());
    }
    return latest;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void scalars(long step, Map<String, Double> values) {
    ProtobufMessage summary = new ProtobufMessage();
    values.forEach(
        (name, value) ->
            summary.message(
                SUMMARY_VALUE,
                new ProtobufMessage()
                    .text(VALUE_TAG, group + "/" + name)
                    .float32(VALUE_SIMPLE, value.floatValue())));
    write(event().int64(STEP, step).message(SUMMARY, summary));
  }

  @Override
  public void close() {
    file.close();
  }

  private ProtobufMessage event() {
    return new ProtobufMessage().float64(WALL_TIME, clock.millis() / 1e3);
  }

  private void write(ProtobufMessage event) {
    byte[] content = event.toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(content.length + 2 * Integer.BYTES + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(content.length);
    record.putInt(maskedCrc(record.array(), Long.BYTES));
    record.put(content).putInt(maskedCrc(content, content.length));
    file.write(record.array());
  }

  private static int maskedCrc(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
