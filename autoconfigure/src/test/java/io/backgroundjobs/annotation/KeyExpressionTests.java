package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.JobConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyExpressionTests {

	private static final Method METHOD = method();

	private static final JobPlace PLACE = JobPlace.method(BackgroundJob.class, METHOD, "shop");

	private static final String OF = "The 'key' of @BackgroundJob on method KeyExpressionTests.ship(Order, List) of bean "
			+ "'shop' is '";

	private static KeyExpression parse(String text) {
		return KeyExpression.parse(text, METHOD, PLACE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', commentCharacter = '%', textBlock = """
			#order.id                   | 7
			#a0.id                      | 7
			#p0.id()                    | 7
			'order-' + #order.id        | order-7
			'all'                       | all
			#tags[0]                    | new
			#tags.![length()]           | [3, 4]
			#tags.?[#this == 'gift']    | [gift]
			#tags.?[length() > 3]       | [gift]
			#tags.![trim().length()]    | [3, 4]
			{id: 5}[id]                 | 5
			#order.named(#tags[1])      | 7-gift
			T(String).valueOf(#order.id) | 7
			""")
	void keyIsMadeOfTheArguments(String text, String expected) {
		assertThat(parse(text).evaluate(new Object[] { new Order(7L), List.of("new", "gift") })).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', commentCharacter = '%', textBlock = """
			#ordr.id         | but no argument is called '#ordr'
			#order[#x]       | but no argument is called '#x'
			#root            | but no argument is called '#root'
			orderId          | but 'orderId' is not an argument
			orderId.name     | but 'orderId' is not an argument
			toString()       | but 'toString()' is not an argument
			#order.named(id) | but 'id' is not an argument
			@orders.next()   | which refers to a bean
			""")
	void whenExpressionCannotWorkThenIsRefused(String text, String problem) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> parse(text))
			.withMessage(OF + text + "', " + problem)
			.satisfies(
					(ex) -> assertThat(ex.action()).isEqualTo("Write an expression over the arguments #order, #tags."));
	}

	@Test
	void whenTextIsNoExpressionThenIsRefused() {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> parse("#order.("))
			.withMessageStartingWith(OF + "#order.(', which is not an expression: ");
	}

	@Test
	void whenKeyIsNullOrEmptyThenTheCallFails() {
		KeyExpression key = parse("#order.name");
		assertThatIllegalArgumentException().isThrownBy(() -> key.evaluate(new Object[] { new Order(7L), List.of() }))
			.withMessage(OF + "#order.name', which is null for this call. A job with a key needs one in each call");
		assertThatIllegalArgumentException().isThrownBy(() -> parse("''").evaluate(new Object[2]))
			.withMessage(OF + "''', which is empty for this call. A job with a key needs one in each call");
	}

	@Test
	void whenEvaluationFailsThenTheCallFailsAndNamesTheExpression() {
		assertThatIllegalArgumentException().isThrownBy(() -> parse("#order.id").evaluate(new Object[2]))
			.withMessageStartingWith(OF + "#order.id', which failed: EL1007E");
	}

	private static Method method() {
		try {
			return KeyExpressionTests.class.getDeclaredMethod("ship", Order.class, List.class);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void ship(Order order, List<String> tags) {
	}

	interface Named {

		String getName();

		String named(String suffix);

	}

	record Order(long id) implements Named {

		@Override
		public String getName() {
			return null;
		}

		@Override
		public String named(String suffix) {
			return this.id + "-" + suffix;
		}

	}

}
