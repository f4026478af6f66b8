package io.github.lsgspark.jobs.gpucheck;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which package brings a library of CUDA, as NVIDIA names them: for Debian's and for Python's
 * package managers. The names are those of CUDA 13.1, which the CUDA build of libtorch here was
 * made with.
 */
final class CudaPackages {
  private static final String DRIVER =
      "the NVIDIA driver brings it (580 or newer; in a container, NVIDIA's container toolkit)";

  /** libcudart.so.13: a name and a number. */
  private static final Pattern NAME =
      Pattern.compile(
          "lib(cuda|cudart|cublas|cublasLt|cufft|curand|cusparse|cusolver|cusolverMg|cufile|cupti"
              + "|cudnn[a-z_]*|nccl|nvJitLink|nvrtc|nvidia-[a-z-]+)\\.so(\\.[0-9.]+)?");

  private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

  static {
    PACKAGES.put("cudart", "cuda-cudart-13-1 or Python's nvidia-cuda-runtime");
    PACKAGES.put("cublas", "libcublas-13-1 or Python's nvidia-cublas");
    PACKAGES.put("cublasLt", "libcublas-13-1 or Python's nvidia-cublas");
    PACKAGES.put("cufft", "libcufft-13-1 or Python's nvidia-cufft");
    PACKAGES.put("curand", "libcurand-13-1 or Python's nvidia-curand");
    PACKAGES.put("cusparse", "libcusparse-13-1 or Python's nvidia-cusparse");
    PACKAGES.put("cusolver", "libcusolver-13-1 or Python's nvidia-cusolver");
    PACKAGES.put("cusolverMg", "libcusolver-13-1 or Python's nvidia-cusolver");
    PACKAGES.put("cufile", "libcufile-13-1 or Python's nvidia-cufile");
    PACKAGES.put("cupti", "cuda-cupti-13-1 or Python's nvidia-cuda-cupti");
    PACKAGES.put("nvJitLink", "libnvjitlink-13-1 or Python's nvidia-nvjitlink");
    PACKAGES.put("nvrtc", "cuda-nvrtc-13-1 or Python's nvidia-cuda-nvrtc");
    PACKAGES.put("nccl", "libnccl2 or Python's nvidia-nccl-cu13");
  }

  /** Beginnings of CUDA's functions, the longest first, and the library that they are of. */
  private static final Map<String, String> FUNCTIONS = new LinkedHashMap<>();

  static {
    FUNCTIONS.put("cublasLt", "libcublasLt");
    FUNCTIONS.put("cusparse", "libcusparse");
    FUNCTIONS.put("cusolver", "libcusolver");
    FUNCTIONS.put("cublas", "libcublas");
    FUNCTIONS.put("curand", "libcurand");
    FUNCTIONS.put("__cuda", "libcudart");
    FUNCTIONS.put("cuFile", "libcufile");
    FUNCTIONS.put("cudnn", "libcudnn");
    FUNCTIONS.put("cufft", "libcufft");
    FUNCTIONS.put("cupti", "libcupti");
    FUNCTIONS.put("pnccl", "libnccl");
    FUNCTIONS.put("cuda", "libcudart");
    FUNCTIONS.put("nccl", "libnccl");
  }

  private CudaPackages() {}

  /** Whether a library is one of CUDA's, of cuDNN, NCCL or the driver. */
  static boolean isCuda(String library) {
    return NAME.matcher(library).matches();
  }

  /** The packages that bring a library, as the end of a sentence. */
  static String of(String library) {
    Matcher parts = NAME.matcher(library);
    String stem = parts.matches() ? parts.group(1) : "";
    if (stem.equals("cuda") || stem.startsWith("nvidia")) {
      return DRIVER;
    }
    if (stem.startsWith("cudnn")) {
      return "libcudnn9-cuda-13 or Python's nvidia-cudnn-cu13 brings it";
    }
    String found = PACKAGES.get(stem);
    return found == null ? "a package of CUDA 13 brings it" : found + " brings it";
  }

  /** The library that a function is of, without its number; empty for one that is not CUDA's. */
  static String ofFunction(String function) {
    for (Map.Entry<String, String> entry : FUNCTIONS.entrySet()) {
      String start = entry.getKey();
      if (function.startsWith(start)
          && function.length() > start.length()
          && (Character.isUpperCase(function.charAt(start.length()))
              || function.charAt(start.length()) == '_')) {
        return entry.getValue();
      }
    }
    return "";
  }
}
