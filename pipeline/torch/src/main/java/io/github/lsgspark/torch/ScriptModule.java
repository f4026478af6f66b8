package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.MistakenFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NamedTensor;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_buffer_iterator;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_iterator;
import org.bytedeco.pytorch.named_parameter_list;

/**
 * A TorchScript module: tensors by name, and code that runs when it is called. Opening an archive
 * means trusting who made it. For one thread; lives until {@link #close()}.
 */
public final class ScriptModule implements AutoCloseable {

  /** Where a module keeps a tensor: under {@code attribute} of a module inside it. */
  private record Slot(String name, JitModule owner, String attribute) {}

  private final JitModule module;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, long[]> parameters = new LinkedHashMap<>();
  private final Map<String, long[]> buffers = new LinkedHashMap<>();
  private boolean onCuda;

  private ScriptModule(JitModule module) {
    this.module = kept(module);
    Map<String, String> known = new LinkedHashMap<>();
    named_parameter_list own = module.named_parameters();
    named_parameter_iterator parameter = own.begin();
    for (long i = 0; i < own.size(); i++, parameter.increment()) {
      add(parameter.multiply(), parameters, known);
    }
    named_buffer_list others = module.named_buffers();
    named_buffer_iterator buffer = others.begin();
    for (long i = 0; i < others.size(); i++, buffer.increment()) {
      add(buffer.multiply(), buffers, known);
    }
  }

  /** Lists a floating-point tensor. One that has two names is listed once and bound twice. */
  private void add(NamedTensor named, Map<String, long[]> shapes, Map<String, String> known) {
    Tensor tensor = named.value();
    if (!tensor.is_floating_point() || tensor.numel() == 0) {
      return;
    }
    String path = named.name().getString();
    long[] shape = Tensors.shape(tensor);
    String name =
        known.computeIfAbsent(tensor.data_ptr().address() + Arrays.toString(shape), place -> path);
    if (name.equals(path)) {
      shapes.put(name, shape);
    }
    int dot = path.lastIndexOf('.');
    JitModule owner = dot < 0 ? module : kept(inside(module, path.substring(0, dot)));
    slots.add(new Slot(name, owner, path.substring(dot + 1)));
  }

  private static JitModule inside(JitModule module, String path) {
    JitModule at = module;
    for (String part : path.split("\\.", -1)) {
      at = new JitModule(at.attr(part).toObject());
    }
    return at;
  }

  private static JitModule kept(JitModule module) {
    PointerScope scope = PointerScope.getInnerScope();
    module.retainReference();
    scope.detach(module);
    return module;
  }

  /**
   * Opens an archive, and with it runs its code.
   *
   * @param source what to call it in errors
   * @throws LsgException exit 3 if it is no TorchScript archive
   */
  public static ScriptModule load(byte[] archive, String source) {
    requireZip(archive, source);
    NativeTorch.load();
    return ArchiveFile.with(
        file -> {
          Files.write(file, archive);
          try (PointerScope scope = new PointerScope()) {
            return new ScriptModule(torch.load(file.toString()));
          } catch (RuntimeException e) {
            throw LsgException.input(
                source
                    + ": is no TorchScript archive, as torch.jit.save writes them: "
                    + lastLine(e),
                e);
          }
        });
  }

  private static void requireZip(byte[] archive, String source) {
    if (archive.length < 2 || archive[0] != 'P' || archive[1] != 'K') {
      String wanted = "a TorchScript archive is needed, as torch.jit.save writes them";
      MistakenFile.refuseGraph(archive, archive.length, source, wanted);
      throw LsgException.input(source + ": is something else; " + wanted);
    }
  }

  /**
   * Makes a module of tensors and code.
   *
   * @param parameters and buffers by public name; dots become modules inside modules
   * @param children modules that the code calls, by name
   * @param forward source of {@code def forward(self, ...)}, which finds a tensor at {@link
   *     #reference}
   */
  public static ScriptModule define(
      Map<String, HostArray> parameters,
      Map<String, HostArray> buffers,
      Map<String, ScriptModule> children,
      String forward) {
    NativeTorch.load();
    try (PointerScope scope = new PointerScope()) {
      Tree tree = new Tree();
      parameters.forEach(
          (name, array) ->
              tree.owner(name).register_parameter(Tree.last(name), array.tensor(), false));
      buffers.forEach(
          (name, array) -> tree.owner(name).register_buffer(Tree.last(name), array.exactTensor()));
      children.forEach((name, child) -> tree.module("").register_module(name, child.module));
      tree.module("").define(forward);
      return new ScriptModule(tree.module(""));
    }
  }

  /** The modules that the names of tensors speak of. */
  private static final class Tree {
    private final CompilationUnit unit = new CompilationUnit();
    private final Map<String, JitModule> modules = new LinkedHashMap<>();

    JitModule module(String path) {
      JitModule known = modules.get(path);
      if (known != null) {
        return known;
      }
      JitModule made =
          new JitModule(
              new QualifiedName("__torch__.lsg." + (path.isEmpty() ? "Model" : "Part")),
              unit,
              true);
      modules.put(path, made);
      if (!path.isEmpty()) {
        owner(path).register_module(last(path), made);
      }
      return made;
    }

    JitModule owner(String name) {
      int dot = name.lastIndexOf('.');
      return module(dot < 0 ? "" : name.substring(0, dot));
    }

    static String last(String name) {
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }

  /** How code names a tensor of its module: {@code self.layer1.0.weight}, were 0 an identifier. */
  public static String reference(String name) {
    String expression = "self";
    for (String part : name.split("\\.", -1)) {
      expression =
          Character.isDigit(part.charAt(0))
              ? "getattr(" + expression + ", \"" + part + "\")"
              : expression + "." + part;
    }
    return expression;
  }

  /** Shapes of the floating-point parameters. */
  public Map<String, long[]> parameterShapes() {
    return Collections.unmodifiableMap(parameters);
  }

  /** Shapes of the floating-point buffers; others stay inside the module. */
  public Map<String, long[]> bufferShapes() {
    return Collections.unmodifiableMap(buffers);
  }

  /** Copies of the floating-point tensors, as float. */
  public Map<String, HostArray> tensors() {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      for (Slot slot : slots) {
        Tensor tensor = slot.owner().attr(slot.attribute()).toTensor();
        arrays.putIfAbsent(
            slot.name(), HostArray.of(Tensors.floats(tensor), Tensors.shape(tensor)));
      }
    }
    return arrays;
  }

  /** Puts tensors into the places of the listed ones: it computes with them from now on. */
  public void bind(Function<String, Tensor> tensors) {
    try (PointerScope scope = new PointerScope()) {
      for (Slot slot : slots) {
        slot.owner().setattr(slot.attribute(), new IValue(tensors.apply(slot.name())));
      }
    }
  }

  /** Switches batch normalisation, dropout and the like between training and evaluation. */
  public void train(boolean training) {
    module.train(training);
  }

  /**
   * Runs the module. What is not bound follows the images to their device.
   *
   * @throws LsgException exit 3 if it fails or returns anything but one tensor
   */
  public Tensor forward(Tensor images) {
    if (images.is_cuda() && !onCuda) {
      module.to(images.device());
      onCuda = true;
    }
    IValue result;
    try {
      result = module.forward(new IValueVector(new IValue(images)));
    } catch (RuntimeException e) {
      throw LsgException.input("the TorchScript module fails: " + lastLine(e), e);
    }
    if (!result.isTensor()) {
      throw LsgException.input("the TorchScript module returns something else than one tensor");
    }
    return result.toTensor();
  }

  /** The module as an archive. */
  public byte[] save() {
    return ArchiveFile.with(
        file -> {
          module.save(file.toString());
          return Files.readAllBytes(file);
        });
  }

  /** The reason; libtorch puts the traceback of the code before it, and its own behind it. */
  private static String lastLine(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    int origin = message.indexOf("Exception raised from");
    return (origin < 0 ? message : message.substring(0, origin))
        .lines()
        .filter(line -> !line.isBlank())
        .collect(Collectors.reducing("", (before, line) -> line))
        .trim();
  }

  @Override
  public void close() {
    slots.stream().map(Slot::owner).filter(owner -> owner != module).forEach(JitModule::close);
    module.close();
  }
}
