package io.github.lsgspark.torch;

import com.sun.management.OperatingSystemMXBean;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SystemBlas;
import io.github.lsgspark.storage.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads libtorch into this JVM, once, and tells facts about it. */
public final class NativeTorch {
  private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static final String CACHE = "org.bytedeco.javacpp.cachedir";
  private static final Logger LOG = LoggerFactory.getLogger(NativeTorch.class);

  /** What the folder of the CUDA build's libraries ends with. */
  private static final String CUDA_BUILD = "-gpu";

  private static final List<String> LIBRARIES =
      List.of(
          "libgomp.so.1",
          "libc10.so",
          "libc10_cuda.so",
          "libtorch_cpu.so",
          "libtorch_cuda_linalg.so",
          "libtorch_cuda.so",
          "libtorch.so",
          "libjnitorch.so",
          "libjnitorch_gloo.so",
          "libjnitorch_cuda.so",
          "libjnitorch_nccl.so");

  private static boolean loaded;
  private static ConvolutionMode convolutions;

  private NativeTorch() {}

  /**
   * Loads the native library; later calls return at once.
   *
   * @throws LsgException with exit code 4 if it cannot be loaded on this machine
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    allowWholeMachine();
    SystemBlas.keepOut();
    try {
      extractAll();
      Loader.load(torch.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | IOException e) {
      throw LsgException.environment(
          "libtorch cannot be loaded on " + Loader.getPlatform() + ": " + e.getMessage(), e);
    }
    // It would take convolutions that oneDNN does not, and where it does not know the processor it
    // says so for each one.
    torch.globalContext().setUserEnabledNNPACK(false);
    chooseConvolutions();
  }

  /** Before the first one. What takes a mode calls {@link #load} again, which returns at once. */
  private static void chooseConvolutions() {
    convolutions = ConvolutionChoice.ofThisHost();
    loaded = true;
    if (!convolutions.take()) {
      // A probe looks at what it got; a remembered answer was given for another libtorch.
      convolutions =
          System.getProperty(ConvolutionMode.PROPERTY) != null
              ? ConvolutionMode.ORDINARY
              : ConvolutionMode.WITHOUT_ONEDNN;
      convolutions.take();
    }
    if (convolutions != ConvolutionMode.ORDINARY) {
      LOG.info("convolutions: {}", convolutions.sentence());
    }
  }

  /** How this process computes convolutions. */
  static synchronized ConvolutionMode convolutions() {
    load();
    return convolutions;
  }

  /** Of libtorch, as its own jar says it, also inside the jar for clusters. */
  static String version() {
    Properties artifact = new Properties();
    try (InputStream in =
        torch.class.getResourceAsStream("/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
      if (in != null) {
        artifact.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return artifact.getProperty("version", "unknown").replaceFirst("-.*", "");
  }

  /**
   * JavaCPP refuses more resident memory than four times the heap, so that an executor with a small
   * heap and a large {@code spark.executor.memoryOverhead} could not use the latter. What this
   * machine or container has is the bound here, less a little for a clear error before the end.
   * JavaCPP looks at it once, when the first of its libraries is loaded, whichever that is;
   * likewise at where it extracts them to.
   */
  public static void allowWholeMachine() {
    keepLibrariesPrivate();
    if (System.getProperty(MAX_PHYSICAL_BYTES) == null
        && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      System.setProperty(
          MAX_PHYSICAL_BYTES, Long.toString((long) (0.97 * system.getTotalMemorySize())));
    }
  }

  /**
   * JavaCPP extracts libraries below the user's home, and where it cannot, to a folder in
   * java.io.tmpdir with a name that another user may have taken: libraries are code, so there they
   * lie in a folder of this user's own.
   */
  private static void keepLibrariesPrivate() {
    Path home = Path.of(System.getProperty("user.home", "/"));
    if (System.getProperty(CACHE) == null && !Files.isWritable(home)) {
      System.setProperty(CACHE, PrivateFolder.of("natives").toString());
    }
  }

  /**
   * Extracts every library of the jar before the first is opened. Otherwise a cold cache lets the
   * dynamic linker take a libtorch_cpu.so of the system, and the JVM dies.
   */
  private static void extractAll() throws IOException {
    for (String build : List.of("", CUDA_BUILD)) {
      extract(build);
    }
  }

  /**
   * The libraries of the CUDA build on the class path, extracted but not loaded, so that it can be
   * told what they lack; none if there is only the CPU build.
   *
   * @throws LsgException with exit code 4 if they cannot be extracted
   */
  public static synchronized List<Path> cudaBuild() {
    allowWholeMachine();
    try {
      return extract(CUDA_BUILD);
    } catch (IOException e) {
      throw LsgException.environment("libtorch cannot be extracted: " + e.getMessage(), e);
    }
  }

  /**
   * Why the CUDA part of the CUDA build could not be loaded, in the loader's words: JavaCPP goes on
   * without it, as if there were no card. Empty if it is loaded, or for the CPU build.
   */
  public static Optional<String> cudaProblem() {
    load();
    for (Path library : cudaBuild()) {
      if (library.endsWith("libtorch_cuda.so")) {
        try {
          System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
          return Optional.of(String.valueOf(e.getMessage()));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Path> extract(String build) throws IOException {
    String folder = "/org/bytedeco/pytorch/" + Loader.getPlatform() + build + "/";
    List<Path> extracted = new ArrayList<>();
    for (String library : LIBRARIES) {
      if (torch.class.getResource(folder + library) != null) {
        extracted.add(Loader.cacheResource(torch.class, folder + library).toPath());
      }
    }
    return extracted;
  }

  /** Threads that one tensor operation of this JVM uses. */
  public static void setThreads(int threads) {
    load();
    torch.set_num_threads(threads);
  }

  /** Threads that one tensor operation of this JVM uses. */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }

  /** Whether GPUs may round the factors of float32 products to TF32. */
  public static void allowTf32(boolean allowed) {
    load();
    torch.globalContext().setAllowTF32CuBLAS(allowed);
    torch.globalContext().setAllowTF32CuDNN(allowed);
  }

  /**
   * Whether cuDNN tries its algorithms for each shape of a convolution when it first meets it, and
   * keeps the fastest: for work whose shapes stay the same.
   */
  public static void tryConvolutions(boolean tried) {
    load();
    torch.globalContext().setBenchmarkCuDNN(tried);
  }

  /** Whether CUDA devices are usable. */
  public static boolean cudaAvailable() {
    load();
    return torch.cuda_is_available();
  }

  /** What was loaded and on what: for {@code lsg doctor} and the manifests. */
  public static Map<String, String> facts() {
    load();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("libtorch", version());
    facts.put("platform", Loader.getPlatform());
    facts.put("threads", Integer.toString(torch.get_num_threads()));
    String kernels = System.getenv("OPENBLAS_CORETYPE");
    facts.put("OpenBLAS kernels", kernels == null ? "its own choice" : kernels);
    facts.put("oneDNN", Boolean.toString(torch.hasMKLDNN()));
    facts.put("convolutions", convolutions().sentence());
    facts.put("cuda build", Boolean.toString(!cudaBuild().isEmpty()));
    facts.put("cuda devices", Integer.toString(cudaAvailable() ? torch.cuda_device_count() : 0));
    return facts;
  }
}
