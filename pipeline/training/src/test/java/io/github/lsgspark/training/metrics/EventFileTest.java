package io.github.lsgspark.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.PureJavaCrc32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

  private final HadoopFiles files = new HadoopFiles(new Configuration());
  @TempDir Path folder;

  private EventFile open(long stepsBefore) {
    return new EventFile(files, folder.toString(), "train", stepsBefore, CLOCK);
  }

  private List<Path> written() throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    }
  }

  /** The same events by the writer of TensorBoard 2.21.0. */
  @Test
  void bytesAreThoseOfTensorBoardsOwnWriter() throws IOException {
    try (EventFile events = open(120)) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("loss", 3.21);
      values.put("accuracy", 0.0);
      values.put("reg", Double.NaN);
      events.scalars(150, values);
      events.scalars(3_000_000_000L, Map.of("lr", 1e-7));
    }
    byte[] golden =
        getClass().getResourceAsStream("/golden/tensorboard/train.tfevents").readAllBytes();
    assertThat(Files.readAllBytes(written().get(0))).isEqualTo(golden);
  }

  @Test
  void recordsAreReadableWhileTheFileGrows() throws IOException {
    try (EventFile events = open(0)) {
      assertThat(read(written().get(0)))
          .containsExactly(
              "time 1.70000000025E9 version brain.Event:2",
              "time 1.70000000025E9 step 1 session 1");
      events.scalars(50, Map.of("loss", 0.5));
      assertThat(read(written().get(0)))
          .hasSize(3)
          .last()
          .isEqualTo("time 1.70000000025E9 step 50 train/loss=0.5");
    }
  }

  @Test
  void aTrainingTakenUpWritesALaterFile() throws IOException {
    open(0).close();
    open(120).close();
    open(60).close();
    assertThat(written())
        .extracting(file -> file.getFileName().toString().substring(0, 30))
        .containsExactly(
            "events.out.tfevents.1700000000",
            "events.out.tfevents.1700000001",
            "events.out.tfevents.1700000002");
    assertThat(read(written().get(2))).contains("time 1.70000000025E9 step 61 session 1");
  }

  /** By Hadoop's CRC and protobuf's own reader. */
  private static List<String> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<String> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int start = bytes.position();
      byte[] content = new byte[(int) bytes.getLong()];
      assertThat(bytes.getInt()).isEqualTo(masked(bytes.array(), start, Long.BYTES));
      bytes.get(content);
      assertThat(bytes.getInt()).isEqualTo(masked(content, 0, content.length));
      events.add(event(CodedInputStream.newInstance(content)));
    }
    return events;
  }

  private static int masked(byte[] bytes, int start, int length) {
    PureJavaCrc32C crc = new PureJavaCrc32C();
    crc.update(bytes, start, length);
    long value = crc.getValue();
    return (int) ((value >>> 15 | value << 17) + 0xa282ead8L);
  }

  private static String event(CodedInputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> text.append("time ").append(in.readDouble());
        case 2 -> text.append(" step ").append(in.readInt64());
        case 3 -> text.append(" version ").append(in.readString());
        case 5 -> {
          CodedInputStream summary = in.readBytes().newCodedInput();
          while (summary.readTag() != 0) {
            CodedInputStream value = summary.readBytes().newCodedInput();
            value.readTag();
            text.append(' ').append(value.readString());
            value.readTag();
            text.append('=').append(value.readFloat());
          }
        }
        case 7 -> {
          CodedInputStream session = in.readBytes().newCodedInput();
          session.readTag();
          text.append(" session ").append(session.readEnum());
        }
        default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag));
      }
    }
    return text.toString();
  }
}
