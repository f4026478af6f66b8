package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.media.PlainSound.Coding;
import io.github.lsgspark.dataset.media.PlainSound.Container;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The values that were written are read: from numbers in files, and beside FFmpeg's program. */
class SoundFormatsTest {
  private static final int LENGTH = 3001;

  @TempDir private Path folder;

  private static void isRead(float[] wanted, byte[] file, int rate, String what) throws Exception {
    float[] decoded;
    try {
      decoded = SoundDecoder.decode(file, rate, 60);
    } catch (UnreadableSampleException e) {
      throw new AssertionError(what + ": " + e.reason() + " " + e.getMessage(), e);
    }
    assertThat(decoded).as(what).hasSize(wanted.length);
    for (int i = 0; i < decoded.length; i++) {
      assertThat(decoded[i]).as("%s, sample %d", what, i).isCloseTo(wanted[i], within(2e-6f));
    }
  }

  /** Every coding that a container holds, at several rates and with several channels. */
  @ParameterizedTest
  @EnumSource
  void numbers(Container container) throws Exception {
    int[] rates = {8000, 11025, 16000, 44100, 96000};
    int[] channels = {1, 2, 3, 6};
    int number = 0;
    for (Coding coding : Coding.values()) {
      if (container.holds(coding)) {
        for (int count : channels) {
          int rate = rates[number++ % rates.length];
          PlainSound sound = new PlainSound(container, coding, rate, count, LENGTH);
          String what = container + " " + coding + " " + rate + " Hz, channels " + count;
          isRead(sound.heard, sound.file(), rate, what);
        }
      }
    }
    assertThat(number).isPositive();
  }

  /** Sizes of a program that streams, and does not know them yet. */
  @ParameterizedTest
  @EnumSource
  void sizesThatStandForNone(Container container) throws Exception {
    for (Coding coding : new Coding[] {Coding.S16, Coding.S24, Coding.F32}) {
      if (container.holds(coding)) {
        PlainSound sound = new PlainSound(container, coding, 16000, 2, LENGTH);
        for (long stated :
            new long[] {
              0, -1, 0x7FFFFFFF, 0x7FFFFFFFL - 36, 0x7FFFF000, 2_000_000_000, 1_000_000_000, 1 << 30
            }) {
          isRead(sound.heard, sound.file(stated), 16000, container + " stating " + stated);
        }
      }
    }
  }

  /** Bytes that are less than a sample are not a damaged sound, however short it is. */
  @ParameterizedTest
  @EnumSource
  void oddBytesAtTheEnd(Container container) throws Exception {
    for (Coding coding : new Coding[] {Coding.S16, Coding.S24, Coding.F32}) {
      if (container.holds(coding)) {
        for (int length : new int[] {50, 2048, 16000}) {
          PlainSound sound = new PlainSound(container, coding, 16000, 2, length);
          int size = length * 2 * coding.bytes;
          for (int odd = 1; odd < 2 * coding.bytes; odd++) {
            byte[] more = PlainSound.and(sound.file(size + odd), odd);
            isRead(sound.heard, more, 16000, container + " " + coding + " and " + odd);
          }
          byte[] less = sound.file();
          float[] wanted = Arrays.copyOf(sound.heard, length - 1);
          isRead(wanted, Arrays.copyOf(less, less.length - 1), 16000, container + " less one");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void halfAFileIsTruncated(Container container) {
    Coding coding = container.holds(Coding.S16) ? Coding.S16 : Coding.F32;
    byte[] whole = new PlainSound(container, coding, 16000, 1, 16000).file();
    assertThatThrownBy(() -> SoundDecoder.decode(Arrays.copyOf(whole, whole.length / 2), 16000, 60))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
  }

  /** Fields of "fmt " that contradict each other, as players take them. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 32000, 16",
    "1, 0, 0, 16",
    "1, 1, 16000, 16",
    "1, 4, 32000, 16",
    "3, 0, 0, 16"
  })
  void sizesOfBlocksThatAreWrong(int channels, int block, int byteRate, int bits) throws Exception {
    PlainSound sound = new PlainSound(Container.WAV, Coding.S16, 16000, channels, LENGTH);
    byte[] file = sound.file();
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(28, byteRate).putShort(32, (short) block).putShort(34, (short) bits);
    isRead(sound.heard, file, 16000, "block of " + block);
  }

  /** Samples of 24 valid bits in 32. */
  @Test
  void fewerValidBitsThanBytes() throws Exception {
    PlainSound extensible = new PlainSound(Container.WAV_EXTENSIBLE, Coding.S32, 16000, 2, LENGTH);
    byte[] file = extensible.file();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(38, (short) 24);
    isRead(extensible.heard, file, 16000, "24 of 32 bits");
    PlainSound plain = new PlainSound(Container.WAV, Coding.S32, 16000, 2, LENGTH);
    file = plain.file();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(34, (short) 24);
    isRead(plain.heard, file, 16000, "24 bits in blocks of 32");
  }

  @Test
  void rifxOfAnotherCodecIsNamed() {
    byte[] file = new PlainSound(Container.RIFX, Coding.S16, 16000, 1, LENGTH).file();
    file[21] = 0x11;
    assertThatThrownBy(() -> SoundDecoder.decode(file, 16000, 60))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_FORMAT))
        .hasMessageStartingWith("is a RIFX file (WAV with the large byte first) of codec 0x0011;");
  }

  /** A clock that begins later or earlier, in each container that has one. */
  @ParameterizedTest
  @CsvSource({
    "libopus, opus, 100",
    "libopus, webm, 100",
    "libopus, mka, 5000",
    "libopus, mka, -0.5",
    "aac, m4a, 0",
    "aac, mp4, 0",
    "aac, ts, 100",
    "mp2, mpg, 1000",
    "flac, flac, 0",
    "libmp3lame, mp3, 0",
    "wmav2, wma, 7",
    "ac3, ac3, 0",
    "eac3, eac3, 0",
    "pcm_s16le, avi, 0",
    "alac, mov, 0"
  })
  void asTheProgramReadsThem(String codec, String ending, String offset) throws Exception {
    Path file = folder.resolve("sound." + ending);
    FfmpegTool.run(
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=440:sample_rate=48000:duration=1",
        "-c:a",
        codec,
        "-output_ts_offset",
        offset,
        file.toString());
    isRead(FfmpegTool.sound(file, 48000), Files.readAllBytes(file), 48000, file.toString());
  }

  /** A segment of a stream behind its header, and a part of a longer one that kept its header. */
  @Test
  void partsOfLongerStreams() throws Exception {
    Path whole = folder.resolve("whole.m4a");
    Path flac = folder.resolve("whole.flac");
    String tone = "sine=frequency=440:sample_rate=48000:duration=12";
    FfmpegTool.run(
        "-f",
        "lavfi",
        "-i",
        tone,
        "-c:a",
        "aac",
        whole.toString(),
        "-c:a",
        "flac",
        flac.toString());
    FfmpegTool.run(
        "-i",
        whole.toString(),
        "-c",
        "copy",
        "-f",
        "dash",
        "-seg_duration",
        "2",
        folder.resolve("parts.mpd").toString());
    byte[] segment =
        TestSounds.joined(
            Files.readAllBytes(folder.resolve("init-stream0.m4s")),
            Files.readAllBytes(folder.resolve("chunk-stream0-00004.m4s")));
    Path part = Files.write(folder.resolve("part.mp4"), segment);
    float[] wanted = FfmpegTool.sound(part, 48000);
    assertThat(wanted.length).isBetween(90_000, 100_000);
    isRead(wanted, segment, 48000, "a segment");
    for (String from : new String[] {"0", "6"}) {
      Path cut = folder.resolve("cut.flac");
      FfmpegTool.run("-ss", from, "-i", flac.toString(), "-t", "1", "-c", "copy", cut.toString());
      isRead(FfmpegTool.sound(cut, 48000), Files.readAllBytes(cut), 48000, "FLAC from " + from);
    }
  }

  /** FFmpeg reads on behind damage, and says nothing of what it left out. */
  @ParameterizedTest
  @CsvSource({"libopus, webm", "libopus, opus", "flac, mka", "flac, flac", "libmp3lame, mp3"})
  void aDamagedMiddleIsDamage(String codec, String ending) throws Exception {
    Path path = folder.resolve("sound." + ending);
    FfmpegTool.run(
        "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=5", "-c:a", codec, path.toString());
    byte[] file = Files.readAllBytes(path);
    for (int i = file.length / 3; i < file.length / 2; i++) {
      file[i] = (byte) (file[i] * 31 + i);
    }
    assertThatThrownBy(() -> SoundDecoder.decode(file, 16000, 60))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isIn(Reason.DAMAGED, Reason.TRUNCATED));
  }
}
