// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A mapped part of a file that is unmapped on close. Left to the garbage collector, the maps of a
 * whole model would count as resident beside the weights copied from them.
 *
 * <p>Since Java 22 an {@code Arena} unmaps; before, {@code sun.misc.Unsafe} does, which later Javas
 * warn of. Both are reached by reflection, since this is compiled for Java 17.
 *
 * @param map the bytes, not to be used after {@link #close}
 * @param owner unmaps them
 */
record MappedWindow(ByteBuffer map, AutoCloseable owner) implements AutoCloseable {
  private static final int FIRST_WITH_ARENAS = 22;

  /** Maps a part of a file for the calling thread, which closes it. */
  static MappedWindow open(FileChannel channel, long start, long length) throws IOException {
    try {
      return Runtime.version().feature() >= FIRST_WITH_ARENAS
          ? openInArena(channel, start, length)
          : openAndClean(channel, start, length);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("cannot map", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no way to unmap a file", e);
    }
  }

  private static MappedWindow openInArena(FileChannel channel, long start, long length)
      throws ReflectiveOperationException {
    Class<?> arenas = Class.forName("java.lang.foreign.Arena");
    Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
    Method map = FileChannel.class.getMethod("map", MapMode.class, long.class, long.class, arenas);
    Object arena = arenas.getMethod("ofConfined").invoke(null);
    Object segment = map.invoke(channel, MapMode.READ_ONLY, start, length, arena);
    ByteBuffer bytes = (ByteBuffer) segments.getMethod("asByteBuffer").invoke(segment);
    return new MappedWindow(bytes, (AutoCloseable) arena);
  }

  private static MappedWindow openAndClean(FileChannel channel, long start, long length)
      throws IOException, ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    Method clean = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
    ByteBuffer bytes = channel.map(MapMode.READ_ONLY, start, length);
    return new MappedWindow(bytes, () -> clean.invoke(instance.get(null), bytes));
  }

  /** The bytes, little-endian as safetensors has them. */
  ByteBuffer bytes() {
    return map.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot unmap", e);
    }
  }
}
