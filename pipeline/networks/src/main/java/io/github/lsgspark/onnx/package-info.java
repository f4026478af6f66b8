/** Networks written down as ONNX files. */
package io.github.lsgspark.onnx;
