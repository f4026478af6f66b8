package io.github.lsgspark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packages depend on earlier ones only, and libtorch's bindings stay behind one door. */
class PackageOrderTest {
  private static final String ROOT = "io.github.lsgspark.";

  /** A module of the library and its packages. */
  private record Module(String name, List<String> packages) {}

  /** In the order in which data meets them. */
  private static final List<Module> MODULES =
      List.of(
          new Module("core", List.of("config", "storage")),
          new Module("graph", List.of("graph")),
          new Module("torch", List.of("torch")),
          new Module("language", List.of("text", "wordnet", "embedding")),
          new Module("data", List.of("dataset")),
          new Module("networks", List.of("backbone", "tower", "onnx")),
          new Module("features", List.of("features", "head", "curation")),
          new Module("lsg", List.of("gcn", "lsg")),
          new Module("training", List.of("training")),
          new Module("insight", List.of("evaluation", "report", "experiment")),
          new Module("spark-ml", List.of("sparkml")));

  private static final List<String> ORDER =
      MODULES.stream().flatMap(module -> module.packages().stream()).toList();

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testing/"))
            .importPackages("io.github.lsgspark");
  }

  static List<String> packages() {
    return ORDER;
  }

  @Test
  void everyPackageHasItsPlace() {
    assertThat(classes)
        .extracting(PackageOrderTest::topPackage)
        .containsAll(ORDER)
        .isSubsetOf(ORDER);
  }

  @Test
  void everyPackageLiesInItsModule() {
    for (Module module : MODULES) {
      assertThat(
              classes.stream()
                  .filter(type -> module.packages().contains(topPackage(type)))
                  .map(type -> type.getSource().orElseThrow().getUri().toString()))
          .as(module.name())
          .isNotEmpty()
          .allMatch(
              place -> place.matches(".*/(pipeline/%1$s/|lsg-%1$s-).*".formatted(module.name())));
    }
  }

  /** Whoever wants the graph alone gets neither libtorch nor FFmpeg. */
  @Test
  void theGraphNeedsNoNativeLibrary() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "graph..", ROOT + "config..", ROOT + "storage..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.bytedeco.."))
        .check(classes);
  }

  private static String topPackage(JavaClass type) {
    return type.getPackageName().substring(ROOT.length()).split("\\.")[0];
  }

  @ParameterizedTest
  @MethodSource("packages")
  void dependsOnEarlierPackagesOnly(String name) {
    String[] later =
        ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size()).stream()
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    if (later.length > 0) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + name + "..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(later))
          .check(classes);
    }
  }

  @Test
  void noPackagesDependOnEachOther() {
    slices().matching("io.github.lsgspark.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void onlyPackageTorchTouchesTheBindings() {
    DescribedPredicate<JavaClass> bindings =
        resideInAPackage("org.bytedeco..")
            .and(not(resideInAnyPackage("org.bytedeco.ffmpeg..", "org.bytedeco.javacpp..")))
            .and(
                not(
                    DescribedPredicate.describe(
                        "Tensor",
                        type ->
                            type.isEquivalentTo(Tensor.class)
                                || type.getName().endsWith(".AbstractTensor")
                                || type.getName().endsWith(".TensorBase"))));
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "torch..")
        .should()
        .dependOnClassesThat(bindings)
        .check(classes);
  }

  @Test
  void onlyPackageMediaTouchesFfmpeg() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "dataset.media..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.bytedeco.ffmpeg.."))
        .check(classes);
  }

  @Test
  void onlyTheBindingsOwnersTouchJavaCpp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "dataset.media..", ROOT + "torch..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.bytedeco.javacpp..")
                .and(
                    not(
                        DescribedPredicate.describe(
                            "Pointer, which tensors are",
                            type -> type.getName().equals("org.bytedeco.javacpp.Pointer")))))
        .check(classes);
  }
}
