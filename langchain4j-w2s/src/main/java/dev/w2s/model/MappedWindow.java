// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A mapped part of a file that is unmapped on close. Left to the garbage collector, the maps of a
 * whole model would count as resident beside the weights copied from them.
 *
 * <p>Java 17 has no public way to unmap; {@code jdk.unsupported} has one, and where it is missing
 * the collector does the work later.
 */
record MappedWindow(MappedByteBuffer map) implements AutoCloseable {
  private static final @Nullable MethodHandle UNMAP = findUnmap();

  /** The bytes, little-endian as safetensors has them. Not to be used after {@link #close}. */
  ByteBuffer bytes() {
    return map.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    if (UNMAP == null) {
      return;
    }
    try {
      UNMAP.invoke(map);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot unmap", e);
    }
  }

  private static @Nullable MethodHandle findUnmap() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
