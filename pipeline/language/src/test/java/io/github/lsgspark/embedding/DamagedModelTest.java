package io.github.lsgspark.embedding;

import io.github.lsgspark.torch.HostArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders that hold no sound language model: each is refused by the name of what is wrong in it.
 */
class DamagedModelTest {
  @TempDir Path folder;

  private OwnModel model;

  @BeforeEach
  void makeModel() throws IOException {
    model = new OwnModel(folder);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(model.path().resolve("tokenizer.json"));
    model.assertInput("model: holds no tokenizer.json, but: config.json, model.safetensors");
    TinyBert.write(model.path());
    Files.delete(model.path().resolve("config.json"));
    model.assertInput("model: holds no config.json");
    TinyBert.write(model.path());
    Files.delete(model.path().resolve("model.safetensors"));
    model.assertInput("model: holds no model.safetensors");
    Files.write(model.path().resolve("pytorch_model.bin"), new byte[] {'P', 'K', 3, 4});
    model.assertInput(
        "holds pytorch_model.bin, a Python pickle, which runs code", "save_pretrained");
    model.take("nowhere");
    model.assertInput("embedding.model: file:" + model.path() + ": no such folder");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path file = model.path().resolve("model.safetensors");
    byte[] content = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(content, content.length - 100));
    model.assertInput(
        "model.safetensors: not a sound safetensors file: tensor ", " lies at bytes ");
    Files.write(file, Arrays.copyOf(content, 40));
    model.assertInput(
        "not a sound safetensors file: its header claims ", "but the file has 40 in all");
    Files.write(file, new byte[0]);
    model.assertInput("model.safetensors: is empty: it has 0 bytes");
  }

  @Test
  void offsetsThatLieAreRefused() throws IOException {
    Path file = model.path().resolve("model.safetensors");
    byte[] content = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String header = new String(content, 8, length, StandardCharsets.UTF_8);
    String[] lies = {"\"data_offsets\":[4,", "\"data_offsets\":[9223372036854775000,"};
    for (String lie : lies) {
      String changed = header.replaceFirst("\"data_offsets\":\\[0,", lie);
      byte[] json = changed.getBytes(StandardCharsets.UTF_8);
      ByteBuffer bytes =
          ByteBuffer.allocate(8 + json.length + content.length - 8 - length)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(json.length).put(json).put(content, 8 + length, content.length - 8 - length);
      Files.write(file, bytes.array());
      model.assertInput("not a sound safetensors file: tensor embeddings.word_embeddings.weight");
    }
  }

  @Test
  void otherFormatsInPlaceOfWeightsAreNamed() throws IOException {
    Path file = model.path().resolve("model.safetensors");
    byte[] pickle = new byte[200];
    pickle[0] = (byte) 0x80;
    pickle[1] = 2;
    Arrays.fill(pickle, 2, 60, (byte) 'c');
    Files.write(file, pickle);
    model.assertInput("model.safetensors: is a Python pickle", "only safetensors files are read");
    Files.writeString(
        file, "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 1336413848\n");
    model.assertInput("is a Git LFS pointer", "git lfs pull");
  }

  @Test
  void theHalfOfTheImagesIsCalledThat() throws IOException {
    Map<String, HostArray> images = new LinkedHashMap<>();
    model.weights().forEach((name, tensor) -> images.put("vision_model." + name, tensor));
    TinyBert.safetensors(model.path().resolve("model.safetensors"), images);
    model.assertInput("model.safetensors: hold one half alone, which reads no texts");
    Files.writeString(
        model.path().resolve("config.json"), "{\"model_type\": \"siglip_vision_model\"}");
    model.assertInput("config.json: is of one half alone (model_type = siglip_vision_model)");
    Files.delete(model.path().resolve("tokenizer.json"));
    model.assertInput("is of one half alone", "train.weights takes this one");
  }

  @Test
  void tensorsAndArchitecturesAreNamed() throws IOException {
    Map<String, HostArray> weights = model.weights();
    Map<String, HostArray> fewer = new LinkedHashMap<>(weights);
    fewer.remove("encoder.layer.1.output.dense.bias");
    TinyBert.safetensors(model.path().resolve("model.safetensors"), fewer);
    model.assertInput("1 missing (encoder.layer.1.output.dense.bias)");
    TinyBert.write(model.path());
    Path config = model.path().resolve("config.json");
    String sound = Files.readString(config);
    Files.writeString(
        config, sound.replace("\"intermediate_size\" : 16", "\"intermediate_size\" : 8"));
    model.assertInput("intermediate.dense.weight has shape [16, 8]", "config.json asks for [8, 8]");
    Files.writeString(config, sound.replace("\"bert\"", "\"t5\""));
    model.assertInput(
        "config.json: model_type \"t5\" is not supported", "embedding.encoder = onnx");
    Files.writeString(config, sound.replace("\"gelu\"", "\"mish\""));
    model.assertInput("config.json: hidden_act must be one of gelu, ", "but is: mish");
    Files.writeString(config, sound.substring(0, 30));
    model.assertInput("config.json: not valid JSON");
    Files.writeString(config, sound);
    Files.writeString(model.path().resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
    model.assertInput("tokenizer.json: not a sound tokenizer.json");
  }
}
