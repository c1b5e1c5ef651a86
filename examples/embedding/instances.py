"""Several instances of one program, and undo by snapshots: `python examples/embedding/instances.py`."""

from lang import Interpreter

ACCOUNT = """
let balance = 0;
let history = [];

fn pay_in(amount) {
    if amount <= 0 { throw "pay in something"; }
    balance += amount;
    history.push(amount);
    balance
}
"""


def main() -> None:
    """Let three accounts go their own ways."""
    interpreter = Interpreter()
    program = interpreter.compile(ACCOUNT, state=True)
    accounts = {name: interpreter.instance(program) for name in ("Ada", "Grace", "Edsger")}
    for day, account in enumerate(accounts.values(), 1):
        for amount in range(day):
            account.call("pay_in", 10 * (amount + 1))
    print({name: account["balance"] for name, account in accounts.items()})

    saved = accounts["Edsger"].snapshot()
    accounts["Edsger"].call("pay_in", 1_000_000)
    print("after a mistake:", accounts["Edsger"]["balance"])
    accounts["Edsger"].restore(saved)
    print("undone:", accounts["Edsger"]["balance"], accounts["Edsger"]["history"])

    copy = interpreter.instance(program)
    copy.restore(saved)
    print("a copy is equal:", copy.state_hash == accounts["Edsger"].state_hash)


if __name__ == "__main__":
    main()
