package io.backgroundjobs.durable;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Writes and reads what is stored of jobs. The arguments go through the application's own
 * mapper, by the types that the job's signature names and without names of types in the
 * JSON; what surrounds them does not depend on how the application has set that up.
 */
final class PayloadCodec {

	private final JsonMapper arguments;

	/** Keeps numbers as they were written. */
	private final JsonMapper surroundings = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final long longest;

	/**
	 * Create a codec.
	 * @param mapper the application's mapper
	 * @param longest how many bytes the stored form of a job may have
	 */
	PayloadCodec(JsonMapper mapper, long longest) {
		this.arguments = mapper.rebuild().deactivateDefaultTyping().build();
		this.longest = longest;
	}

	/**
	 * Check that values of a job's types can be told from their JSON alone.
	 * @param type the kind of job
	 */
	void check(StoredJobType type) {
		for (Type argument : type.argumentTypes()) {
			if (!isConcrete(argument)) {
				throw new JobConfigurationException(type.declaredAt() + " is durable and takes a "
						+ argument.getTypeName() + ", of which JSON cannot tell what it was",
						"Take a concrete type, such as a record.");
			}
		}
	}

	/**
	 * Return arguments as JSON.
	 * @param type the kind of job
	 * @param values an argument for each of its types
	 * @return an array
	 * @throws IllegalArgumentException if one cannot be written
	 */
	JsonNode write(StoredJobType type, List<@Nullable Object> values) {
		ArrayNode all = this.surroundings.createArrayNode();
		for (int i = 0; i < values.size(); i++) {
			Type argument = type.argumentTypes().get(i);
			try {
				byte[] json = this.arguments.writerFor(this.arguments.constructType(argument))
					.writeValueAsBytes(values.get(i));
				all.add(this.surroundings.readTree(json));
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException("Argument " + (i + 1) + " of the durable job '" + type.name()
						+ "', a " + argument.getTypeName() + ", cannot be written as JSON: " + ex.getOriginalMessage(),
						ex);
			}
		}
		return all;
	}

	/**
	 * Read arguments back.
	 * @param type the kind of job, as this instance knows it
	 * @param payload what was stored
	 * @return an argument for each of its types
	 * @throws UnreadablePayloadException if they do not fit
	 */
	List<@Nullable Object> read(StoredJobType type, Payload payload) throws UnreadablePayloadException {
		List<Type> types = type.argumentTypes();
		if (payload.arguments().size() != types.size()) {
			throw new UnreadablePayloadException("The stored job has " + payload.arguments().size()
					+ " arguments, and '" + type.name() + "' takes " + types.size(), null);
		}
		List<@Nullable Object> values = new ArrayList<>(types.size());
		for (int i = 0; i < types.size(); i++) {
			try {
				values.add(this.arguments.readerFor(this.arguments.constructType(types.get(i)))
					.readValue(payload.arguments().get(i)));
			}
			catch (JacksonException ex) {
				throw new UnreadablePayloadException("Argument " + (i + 1) + " of the stored job is no "
						+ types.get(i).getTypeName() + ": " + ex.getOriginalMessage(), ex);
			}
		}
		return values;
	}

	/**
	 * Return the stored form of a job.
	 * @param name the name of the job, for the message
	 * @param payload what to store
	 * @throws IllegalArgumentException if it is too long
	 */
	byte[] bytes(String name, Payload payload) {
		byte[] bytes = bytes(payload);
		if (bytes.length > this.longest) {
			throw new IllegalArgumentException("The durable job '" + name + "' takes " + bytes.length
					+ " bytes as JSON, more than background-jobs.durable.max-payload-size (" + this.longest
					+ " bytes) allows. Store the data elsewhere and spawn the job with its identifier.");
		}
		return bytes;
	}

	/**
	 * Return the stored form of a job that is stored already, and has grown by its
	 * failure only.
	 */
	byte[] bytes(Payload payload) {
		return this.surroundings.writeValueAsBytes(payload);
	}

	/**
	 * Read the stored form of a job.
	 * @throws UnreadablePayloadException if it is none
	 */
	Payload payload(byte @Nullable [] bytes) throws UnreadablePayloadException {
		if (bytes == null) {
			throw new UnreadablePayloadException("The stored job has no data", null);
		}
		try {
			return this.surroundings.readValue(bytes, Payload.class);
		}
		catch (JacksonException ex) {
			throw new UnreadablePayloadException(
					"The data of the stored job is not of this application: " + ex.getOriginalMessage(), ex);
		}
	}

	private static boolean isConcrete(Type type) {
		if (type instanceof Class<?> plain) {
			return plain != Object.class;
		}
		if (type instanceof ParameterizedType generic) {
			return Arrays.stream(generic.getActualTypeArguments()).allMatch(PayloadCodec::isConcrete);
		}
		return type instanceof GenericArrayType array && isConcrete(array.getGenericComponentType());
	}

}
