package io.backgroundjobs.durable;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.StoredJobType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is stored of a job.
 */
class PayloadCodecTests {

	private static boolean instantiated;

	/** As careless as a mapper can be set up. */
	private final JsonMapper careless = JsonMapper.builder()
		.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
				DefaultTyping.NON_FINAL)
		.build();

	private final PayloadCodec codec = new PayloadCodec(this.careless, 100_000);

	@Test
	void noNameOfATypeIsStored() {
		JsonNode json = this.codec.write(type(Parcel.class), List.of(new Parcel("a", List.of(new Item(1)))));
		assertThat(json.toString()).isEqualTo("[{\"name\":\"a\",\"items\":[{\"number\":1}]}]");
	}

	@Test
	void whatIsNotInTheSignatureIsNeverInstantiated() throws Exception {
		String json = "[{\"name\":\"a\",\"items\":[[\"" + Trap.class.getName() + "\",{}]],\"@class\":\""
				+ Trap.class.getName() + "\"}]";
		Payload payload = payload(json);
		assertThatExceptionOfType(UnreadablePayloadException.class)
			.isThrownBy(() -> this.codec.read(type(Parcel.class), payload));
		assertThat(instantiated).isFalse();
	}

	@Test
	void numbersKeepTheirDigits() throws Exception {
		BigDecimal price = new BigDecimal("12345678901234567890.1234567890100");
		JsonNode json = this.codec.write(type(BigDecimal.class), List.of(price));
		Payload stored = Payload.create("id", Instant.EPOCH, null, json, Map.of());
		Payload read = this.codec.payload(this.codec.bytes("text", stored));
		assertThat(this.codec.read(type(BigDecimal.class), read)).containsExactly(price);
	}

	@Test
	void genericsAndNullsAndSeveralArgumentsComeBack() throws Exception {
		Type generic = new ParameterizedTypeReference<Map<String, List<Item>>>() {
		}.getType();
		StoredJobType type = type(generic, Instant.class, int.class, Parcel.class);
		List<@Nullable Object> arguments = new ArrayList<>(Arrays.asList(Map.of("a", List.of(new Item(1), new Item(2))),
				Instant.parse("2026-11-20T12:00:00.123456789Z"), 7, null));
		Payload stored = Payload.create("id", Instant.EPOCH, "k", this.codec.write(type, arguments), Map.of("a", "b"));
		Payload read = this.codec.payload(this.codec.bytes("text", stored));
		assertThat(this.codec.read(type, read)).isEqualTo(arguments);
		assertThat(read.context()).isEqualTo(Map.of("a", "b"));
		assertThat(read.key()).isEqualTo("k");
	}

	@Test
	void anArgumentMoreOrLessDoesNotFit() {
		Payload payload = payload("[1]");
		assertThatExceptionOfType(UnreadablePayloadException.class)
			.isThrownBy(() -> this.codec.read(type(int.class, int.class), payload))
			.withMessageContaining("1 arguments")
			.withMessageContaining("takes 2");
	}

	@Test
	void typesThatJsonCannotTellFailTheStart() {
		Type wildcard = new ParameterizedTypeReference<List<? extends Item>>() {
		}.getType();
		for (Type argument : List.of(Object.class, wildcard)) {
			assertThatExceptionOfType(JobConfigurationException.class)
				.isThrownBy(() -> this.codec.check(type(argument)))
				.withMessageContaining(argument.getTypeName());
		}
		this.codec.check(type(Parcel.class, int[].class, String.class));
	}

	private static Payload payload(String arguments) {
		JsonNode json = JsonMapper.builder().build().readTree(arguments.getBytes(StandardCharsets.UTF_8));
		return Payload.create("id", Instant.EPOCH, null, json, Map.of());
	}

	private static StoredJobType type(Type... arguments) {
		return new StoredJobType(JobOptions.named("text"), List.of(arguments), (values, context) -> null,
				"The test's job");
	}

	record Parcel(String name, List<Item> items) {
	}

	record Item(int number) {
	}

	/**
	 * What an attacker who can write to the table would like to have instantiated.
	 */
	public static class Trap {

		Trap() {
			instantiated = true;
		}

	}

}
