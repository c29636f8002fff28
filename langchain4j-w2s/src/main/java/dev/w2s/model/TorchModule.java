// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.w2s.model.files.StoredType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A TorchScript module on a device: calls of its methods, and the tensors that they are given. A
 * call releases its arguments, also where it throws. For the device's inference thread.
 */
final class TorchModule implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock module;

  private TorchModule(PtNDManager manager, PtSymbolBlock module) {
    this.manager = manager;
    this.module = module;
  }

  /** Compiles what {@link TorchScriptArchive} has written. */
  static TorchModule load(byte[] archive, Device device) {
    PtNDManager manager = (PtNDManager) InferenceThread.engine().newBaseManager(device);
    try {
      return new TorchModule(
          manager, JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** A tensor without elements, which tells a method the device. */
  PtNDArray empty() {
    return manager.create(new Shape(0), DataType.FLOAT32);
  }

  PtNDArray tensor(ByteBuffer content, Shape shape, DataType type) {
    return manager.create(content, shape, type);
  }

  /** As a file has it. DJL knows no bfloat16: a method reads the bits of a float16 as one. */
  PtNDArray tensor(ByteBuffer content, Shape shape, StoredType type) {
    return tensor(content, shape, type == StoredType.F32 ? DataType.FLOAT32 : DataType.FLOAT16);
  }

  PtNDArray tensor(float[] content, Shape shape) {
    return (PtNDArray) manager.create(content, shape);
  }

  /** Calls a method and releases its arguments, but not the first, which lives on. */
  IValue callOn(IValue kept, String method, IValue... arguments) {
    IValue[] all = new IValue[arguments.length + 1];
    all[0] = kept;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try {
      return IValueUtils.runMethod(module, method, all);
    } finally {
      closeAll(arguments);
    }
  }

  IValue call(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method, arguments);
    } finally {
      closeAll(arguments);
    }
  }

  private static void closeAll(IValue... values) {
    for (IValue value : values) {
      value.close();
    }
  }

  /** The numbers of a float32 tensor, which is released. */
  float[] floats(IValue value) {
    try (value;
        PtNDArray tensor = value.toTensor(manager)) {
      return tensor.toFloatArray();
    }
  }

  /** The numbers of a float64 tensor, which is released. */
  double[] doubles(IValue value) {
    try (value;
        PtNDArray tensor = value.toTensor(manager)) {
      return tensor.toDoubleArray();
    }
  }

  /** Tensors that were made here and are alive: none between two calls. */
  int liveTensors() {
    return (int) manager.getManagedArrays().stream().filter(array -> !array.isReleased()).count();
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
