package io.github.lsgspark.engine.bigdl;

import com.intel.analytics.bigdl.dllib.tensor.Tensor;
import com.intel.analytics.bigdl.dllib.tensor.Tensor$;
import com.intel.analytics.bigdl.dllib.tensor.TensorNumericMath;
import com.intel.analytics.bigdl.dllib.tensor.TensorNumericMath$TensorNumeric$NumericFloat$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** BigDL's tensors of floats, of one dimension; Scala's Float is an Object to Java. */
final class FloatTensors {
  private FloatTensors() {}

  static ClassTag<Object> tag() {
    return ClassTag$.MODULE$.Float();
  }

  @SuppressWarnings("unchecked")
  static TensorNumericMath.TensorNumeric<Object> numbers() {
    return (TensorNumericMath.TensorNumeric<Object>)
        (TensorNumericMath.TensorNumeric<?>) TensorNumericMath$TensorNumeric$NumericFloat$.MODULE$;
  }

  /** A tensor over an array, which it shares. */
  static Tensor<Object> over(float[] values) {
    return Tensor$.MODULE$.apply(values, new int[] {values.length}, tag(), numbers());
  }

  /** The array that a tensor lies in; BigDL may have put it anywhere there. */
  static float[] array(Tensor<Object> tensor) {
    return (float[]) (Object) tensor.storage().array();
  }

  /** Where in {@link #array} it begins. */
  static int start(Tensor<Object> tensor) {
    return tensor.storageOffset() - 1;
  }
}
