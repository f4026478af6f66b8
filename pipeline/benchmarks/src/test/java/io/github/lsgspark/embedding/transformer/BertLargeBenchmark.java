package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tokens per second through BERT-large (random weights, mapped from a file), one batch per thread
 * as Spark's tasks do it. The file, 1.3 GB, is made once below java.io.tmpdir.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1, time = 10)
@Measurement(iterations = 5, time = 10)
@Fork(1)
@Threads(2)
public class BertLargeBenchmark {
  private static final int LENGTH = 13;
  private static final int PROMPTS = 78;
  private static final TransformerConfig CONFIG =
      new TransformerConfig(
          TransformerConfig.Family.BERT,
          30522,
          1024,
          24,
          16,
          4096,
          512,
          0,
          0,
          1e-12,
          Activation.GELU,
          TransformerConfig.LARGEST_ID);

  @Param({"FLOAT32", "BFLOAT16"})
  private Dtype dtype;

  private TorchModel model;
  private List<PromptTokens> batch;

  @Setup
  public void open() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "lsg-bert-large");
    if (!Files.exists(folder.resolve("model.safetensors"))) {
      Files.createDirectories(folder);
      Path part = folder.resolve("part");
      try (OutputStream out = Files.newOutputStream(part)) {
        Safetensors.write(out, weights(), Map.of());
      }
      Files.move(part, folder.resolve("model.safetensors"));
    }
    model =
        TorchModel.open(
            CONFIG,
            folder,
            List.of("model.safetensors"),
            Pooling.CLASS_NAME,
            dtype,
            ComputeDevice.cpu());
    Random random = new Random(1);
    batch = new ArrayList<>();
    for (int i = 0; i < PROMPTS; i++) {
      long[] ids = random.longs(LENGTH, 1000, 30000).toArray();
      batch.add(new PromptTokens(ids, new int[] {8, 9}, 0, 0));
    }
  }

  private static Map<String, HostArray> weights() {
    Random random = new Random(2);
    Map<String, HostArray> weights = new LinkedHashMap<>();
    int width = CONFIG.width();
    put(weights, random, "embeddings.word_embeddings.weight", CONFIG.vocabulary(), width);
    put(weights, random, "embeddings.position_embeddings.weight", CONFIG.positions(), width);
    put(weights, random, "embeddings.token_type_embeddings.weight", 2, width);
    norm(weights, "embeddings.LayerNorm");
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      String at = "encoder.layer." + layer + ".";
      for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
        dense(weights, random, at + "attention." + part, width, width);
      }
      norm(weights, at + "attention.output.LayerNorm");
      dense(weights, random, at + "intermediate.dense", CONFIG.feedForward(), width);
      dense(weights, random, at + "output.dense", width, CONFIG.feedForward());
      norm(weights, at + "output.LayerNorm");
    }
    return weights;
  }

  private static void dense(
      Map<String, HostArray> weights, Random random, String name, int out, int in) {
    put(weights, random, name + ".weight", out, in);
    put(weights, random, name + ".bias", out);
  }

  private static void norm(Map<String, HostArray> weights, String name) {
    float[] ones = new float[CONFIG.width()];
    Arrays.fill(ones, 1);
    weights.put(name + ".weight", HostArray.of(ones, CONFIG.width()));
    weights.put(name + ".bias", HostArray.of(new float[CONFIG.width()], CONFIG.width()));
  }

  private static void put(
      Map<String, HostArray> weights, Random random, String name, long... shape) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    ByteBuffer data = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      data.putFloat((float) (0.02 * random.nextGaussian()));
    }
    weights.put(name, new HostArray(Dtype.FLOAT32, shape, data.flip()));
  }

  @Benchmark
  @OperationsPerInvocation(LENGTH * PROMPTS)
  public float[][] tokens() {
    NativeTorch.setThreads(1);
    return model.encode(batch);
  }

  @TearDown
  public void close() {
    model.close();
  }
}
