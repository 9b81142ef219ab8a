"""Search keys for people who type pinyin instead of characters."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def keys(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a name, without tones or spaces, lower case.

    Letters and digits of the name stay as they are; punctuation is left out.

    Returns
    -------
    tuple of str
        ``(full, initials)``.

    Examples
    --------
    >>> keys("常山县")
    ('changshanxian', 'csx')
    >>> keys("C919“大飞机”")
    ('c919dafeiji', 'c919dfj')
    """
    from pypinyin import Style, lazy_pinyin

    def join(style: Style) -> str:
        parts = lazy_pinyin(name, style=style, errors=_letters, v_to_u=False)
        return "".join(parts).lower()

    return join(Style.NORMAL), join(Style.FIRST_LETTER)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
