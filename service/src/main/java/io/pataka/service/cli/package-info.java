/** Commands for operators, who read one line for what they can mend. */
package io.pataka.service.cli;
