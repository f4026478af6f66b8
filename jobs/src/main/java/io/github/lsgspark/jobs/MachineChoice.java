package io.github.lsgspark.jobs;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings.Device;
import io.github.lsgspark.embedding.EncoderChoice;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.gcn.GcnPlan;
import io.github.lsgspark.training.PrecisionChoice;
import io.github.lsgspark.training.ReplicaDependence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a stage with every choice made that they leave to the machines and that changes
 * numbers: they enter its fingerprint as they are then, and it runs with them.
 */
public final class MachineChoice {
  private static final Logger LOG = LoggerFactory.getLogger(MachineChoice.class);

  private final Machines machines;

  MachineChoice(Machines machines) {
    this.machines = machines;
  }

  /**
   * What a pretrained encoder's settings come to, and device and element type of a language model;
   * others compute on the CPU in one way.
   */
  public Loaded embedding(Loaded open) {
    Loaded loaded = encoder(open);
    Settings settings = loaded.settings();
    if (!settings.embedding().encoder().equals(LabelEncoders.TRANSFORMER)) {
      return loaded;
    }
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("train.device", device(machines.gpusOfTasks(settings.train().device())));
    if (settings.embedding().dtype() == EmbeddingSettings.Dtype.AUTO) {
      chosen.put("embedding.dtype", Setting.text(machines.dtype(settings)));
    }
    return with(loaded, chosen);
  }

  private Loaded encoder(Loaded loaded) {
    if (!LabelEncoders.of(loaded.settings()).isPretrained()) {
      return loaded;
    }
    EncoderChoice choice = EncoderChoice.of(loaded.settings().embedding(), machines.hadoop());
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("embedding.encoder", choice.onnx() ? LabelEncoders.ONNX : LabelEncoders.TRANSFORMER);
    chosen.put("embedding.model", choice.model());
    chosen.put("embedding.pooling", choice.pooling().label());
    return with(loaded, chosen);
  }

  /** Where the GCN is trained, and in which arithmetic. */
  public Loaded gcn(Loaded loaded) {
    GcnSettings gcn = loaded.settings().gcn();
    boolean gpu = machines.gpuOfDriver(gcn.device());
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("gcn.device", device(gpu));
    chosen.put(
        "gcn.precision",
        Setting.text(GcnPlan.precision(gcn, gpu, machines::driverIsFastAtBfloat16)));
    return with(loaded, chosen);
  }

  /** Device, precision and layout of all replicas, and their number where the result is by it. */
  public Loaded training(Loaded loaded) {
    Settings settings = loaded.settings();
    boolean gpus = machines.gpusOfReplicas(settings.train().device());
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("train.device", device(gpus));
    chosen.put("train.layout", Setting.text(settings.train().layout().chosen()));
    chosen.put(
        "train.precision",
        Setting.text(
            PrecisionChoice.of(
                settings.train(), gpus, () -> machines.matrixUnits(settings.train()))));
    List<String> reasons = ReplicaDependence.reasons(settings);
    if (!reasons.isEmpty()) {
      int replicas = machines.replicas(settings.train());
      chosen.put("train.replicas", replicas);
      if (replicas > 1) {
        LOG.info(
            "train: the result is that of {} replicas, and another one with another number, by {}",
            replicas,
            String.join("; ", reasons));
      }
    }
    return with(loaded, chosen);
  }

  /** Where a trained network is evaluated. */
  public Loaded inference(Loaded loaded) {
    Device wanted = loaded.settings().train().device();
    return with(loaded, Map.of("train.device", device(machines.gpusOfTasks(wanted))));
  }

  private static String device(boolean gpu) {
    return Setting.text(gpu ? Device.CUDA : Device.CPU);
  }

  private static Loaded with(Loaded loaded, Map<String, Object> chosen) {
    boolean set =
        chosen.entrySet().stream()
            .allMatch(
                choice ->
                    loaded
                        .effective()
                        .getString(choice.getKey())
                        .equals(choice.getValue().toString()));
    return set
        ? loaded
        : SettingsLoader.overlay(
            loaded, ConfigFactory.parseMap(chosen, "what the machines decide"));
  }
}
