package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Whether files of weights are what the networks can read, by their headers. */
final class WeightsCheck implements Check {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  @Override
  public void run(Plan plan, Findings findings) {
    Set<String> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      for (Input input : Input.of(planned)) {
        String path = input.path().apply(planned.settings());
        boolean weights = input.part() == Part.TRAIN || input.part() == Part.GCN;
        if (weights
            && planned.makes().contains(input.part())
            && findings.isSound(path)
            && done.add(input.key() + " " + path)) {
          boolean script =
              input.part() == Part.TRAIN
                  && planned.settings().train().backbone() == TrainSettings.Backbone.TORCHSCRIPT;
          findings.look(path, () -> look(plan, input.key(), path, script));
        }
      }
    }
  }

  private static void look(Plan plan, String key, String path, boolean script) {
    FileSystem files = plan.files().fileSystem(path);
    Path file = new Path(path);
    try (FSDataInputStream in = files.open(file)) {
      if (script) {
        byte[] start = in.readNBytes(ZIP.length);
        if (!java.util.Arrays.equals(start, ZIP)) {
          throw LsgException.input(key + ": " + path + ": is no TorchScript archive");
        }
        return;
      }
      Safetensors.check(
          (from, length) -> {
            byte[] bytes = new byte[Math.toIntExact(length)];
            in.readFully(from, bytes);
            return ByteBuffer.wrap(bytes);
          },
          files.getFileStatus(file).getLen(),
          key + ": " + path);
    } catch (IOException e) {
      throw new UncheckedIOException(key + ": " + path + ": " + e.getMessage(), e);
    }
  }
}
