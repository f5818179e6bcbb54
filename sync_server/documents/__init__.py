"""Rendering of administrative documents (NĐ 30/2020/NĐ-CP, Phụ lục I): the same contents as DOCX and as PDF/A."""
