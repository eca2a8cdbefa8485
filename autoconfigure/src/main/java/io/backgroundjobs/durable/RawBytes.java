package io.backgroundjobs.durable;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the data of a row as it is: what is in it is read where its errors can be dealt
 * with, and nothing is ever instantiated because a row says so.
 */
final class RawBytes implements Serializer {

	static final RawBytes INSTANCE = new RawBytes();

	private RawBytes() {
	}

	@Override
	public byte @Nullable [] serialize(@Nullable Object data) {
		return (byte[]) data;
	}

	@Override
	public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
		return type.cast(data);
	}

}
