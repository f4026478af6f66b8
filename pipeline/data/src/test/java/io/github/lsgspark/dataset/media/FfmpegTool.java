package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * FFmpeg's own program, which comes with its library: it makes files, and reads them as it does.
 */
final class FfmpegTool {
  private FfmpegTool() {}

  /** What it writes to its output. */
  static byte[] run(String... arguments) throws IOException, InterruptedException {
    NativeMedia.load();
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(List.of("-nostdin", "-hide_banner", "-loglevel", "fatal", "-y"));
    command.addAll(List.of(arguments));
    Path problems = Files.createTempFile("ffmpeg", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(problems.toFile());
      // Its libraries need each other, and lie beside it.
      builder.environment().put("LD_LIBRARY_PATH", Path.of(command.get(0)).getParent().toString());
      Process process = builder.start();
      byte[] output = process.getInputStream().readAllBytes();
      assertThat(process.waitFor()).as(() -> command + ": " + text(problems)).isZero();
      return output;
    } finally {
      Files.delete(problems);
    }
  }

  private static String program() {
    try {
      return Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "FFmpeg's program cannot be started; tests need libpulse.so.0 for it (Debian: libpulse0)",
          e);
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The sound of a file of one channel, at a rate. */
  static float[] sound(Path file, int rate) throws IOException, InterruptedException {
    byte[] bytes = run("-i", file.toString(), "-f", "f32le", "-ar", "" + rate, "-");
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] samples = new float[floats.remaining()];
    floats.get(samples);
    return samples;
  }

  /** Red, green and blue of each pixel of each frame, upright. */
  static byte[] pixels(Path file) throws IOException, InterruptedException {
    return run(
        "-i",
        file.toString(),
        "-map",
        "0:v:0",
        "-fps_mode",
        "passthrough",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-");
  }
}
